import { dialog } from 'electron';
import type { AppErrorShape } from '../../../shared/errors.js';
import { PROGRAM_TITLE } from './closing-words.js';

/** Says why the program can't start; resolves when that has been read. Meanwhile signals and menus work. */
export async function showFailedStart({ message, hint }: AppErrorShape): Promise<void> {
  await dialog.showMessageBox({
    type: 'error',
    title: PROGRAM_TITLE,
    message,
    detail: hint ?? '',
    buttons: ['Quit'],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
}
