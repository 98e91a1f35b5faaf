// What can be done with one image of the grid, for its menu: as beside the grid, and as its keys.
import type { RouteLocationRaw } from 'vue-router';
import type { MenuItem } from '../../components/menu-item.js';
import { downloadHref } from '../../api/download-href.js';
import type { GalleryImage } from '../../../shared/gallery.js';
import { settingsOf, taskOf } from './describe-image.js';

interface ImageCommands {
  view: () => void;
  inspect: () => void;
  select: () => void;
  isSelected: boolean;
  go: (to: RouteLocationRaw) => void;
}

export function listImageCommands(image: GalleryImage, commands: ImageCommands): MenuItem[] {
  const { go } = commands;
  return [
    { label: 'Open', keys: ['Enter'], select: commands.view },
    { label: 'Details', keys: ['p'], select: commands.inspect },
    { label: commands.isSelected ? 'Take out of the selection' : 'Select', keys: ['Space'], select: commands.select },
    {
      label: 'Download',
      hint: 'With its facts in the file',
      select: () => downloadHref(`/exports/image/${encodeURIComponent(image.taskId)}`),
    },
    { label: 'Use these settings', select: () => go(settingsOf(image)) },
    { label: 'Task in its run', select: () => go(taskOf(image)) },
  ];
}
