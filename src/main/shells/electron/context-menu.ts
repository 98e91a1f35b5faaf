// The menu under the right button: what a text field, a selection, a link or an image of the page can be asked for. Pure but for `attach`.
import { clipboard, Menu } from 'electron';
import type { BrowserWindow, ContextMenuParams, MenuItemConstructorOptions } from 'electron';
import { APP_ORIGIN } from './app-scheme.js';
import { imageOf } from './image-address.js';

export type MenuTarget = Pick<
  ContextMenuParams,
  'x' | 'y' | 'isEditable' | 'selectionText' | 'linkURL' | 'mediaType' | 'srcURL' | 'hasImageContents'
> & { editFlags: Pick<ContextMenuParams['editFlags'], 'canUndo' | 'canRedo' | 'canCut' | 'canCopy' | 'canPaste' | 'canSelectAll'> };

export interface ContextMenuActions {
  copyText(text: string): void;
  copyImageAt(x: number, y: number): void;
  saveImage(url: string): void;
  openImage(sha256: string): void;
}

/** Empty where there is nothing to ask for. Separators are between groups only. */
export function contextMenuTemplate(target: MenuTarget, actions: ContextMenuActions): MenuItemConstructorOptions[] {
  const groups = [editGroup(target), linkGroup(target, actions), imageGroup(target, actions)].filter((group) => group.length > 0);
  return groups.flatMap((group, position) => (position === 0 ? group : [{ type: 'separator' } as const, ...group]));
}

/** Shows the menu wherever the page is asked for one. */
export function attachContextMenu(window: BrowserWindow, openImage: (sha256: string) => void): void {
  const contents = window.webContents;
  const actions: ContextMenuActions = {
    copyText: (text) => void clipboard.writeText(text),
    copyImageAt: (x, y) => contents.copyImageAt(x, y),
    saveImage: (url) => contents.downloadURL(url),
    openImage,
  };
  contents.on('context-menu', (_event, params) => {
    const template = contextMenuTemplate(params, actions);
    if (template.length === 0) return;
    // Asked for by a key, the menu belongs to what has the focus, not to where the mouse happens to be.
    const position = params.menuSourceType === 'keyboard' ? { x: params.x, y: params.y } : {};
    Menu.buildFromTemplate(template).popup({ window, ...position });
  });
}

function editGroup({ isEditable, selectionText, editFlags }: MenuTarget): MenuItemConstructorOptions[] {
  if (!isEditable) return selectionText.trim() === '' ? [] : [{ role: 'copy', enabled: editFlags.canCopy }];
  return [
    { role: 'undo', enabled: editFlags.canUndo },
    { role: 'redo', enabled: editFlags.canRedo },
    { type: 'separator' },
    { role: 'cut', enabled: editFlags.canCut },
    { role: 'copy', enabled: editFlags.canCopy },
    { role: 'paste', enabled: editFlags.canPaste },
    { type: 'separator' },
    { role: 'selectAll', enabled: editFlags.canSelectAll },
  ];
}

/** Addresses of the window itself are of no use outside it; a link to an image is in the image's own group. */
function linkGroup({ linkURL }: MenuTarget, actions: ContextMenuActions): MenuItemConstructorOptions[] {
  const isOutside = /^https?:\/\//.test(linkURL) && !linkURL.startsWith(`${APP_ORIGIN}/`);
  return isOutside ? [{ label: 'Copy Link', click: () => actions.copyText(linkURL) }] : [];
}

function imageGroup(target: MenuTarget, actions: ContextMenuActions): MenuItemConstructorOptions[] {
  const { x, y, mediaType, srcURL, hasImageContents, linkURL } = target;
  const isImage = mediaType === 'image' && hasImageContents;
  const image = isImage ? imageOf(srcURL) : imageOf(linkURL);
  return [
    ...(isImage ? [{ label: 'Copy Image', click: () => actions.copyImageAt(x, y) }] : []),
    ...(image
      ? [
          { label: 'Save Image As…', click: () => actions.saveImage(image.url) },
          { label: 'Open in Full Size', click: () => actions.openImage(image.sha256) },
        ]
      : []),
  ];
}
