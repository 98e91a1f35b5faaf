// Dialogs with buttons.
import { app } from './application.js';
import type { BrowserWindow } from './windows.js';

export interface MessageBox {
  message: string;
  detail?: string;
  buttons: string[];
  cancelId?: number;
  signal?: AbortSignal;
}

/** Questions that were put, oldest first; each is answered by `answer` with the words of a button, or withdrawn by its signal. */
export const questions: { box: MessageBox; parent: BrowserWindow | null; answer(button: string): void }[] = [];
export const dialog = {
  showMessageBox(...args: [BrowserWindow, MessageBox] | [MessageBox]) {
    const [parent, box] = args.length === 2 ? args : [null, args[0]];
    return new Promise<{ response: number }>((resolve) => {
      const answer = (button: string): void => {
        if (!box.buttons.includes(button)) throw new Error(`There is no button ${button}, but ${box.buttons.join(', ')}`);
        resolve({ response: box.buttons.indexOf(button) });
      };
      box.signal?.addEventListener('abort', () => resolve({ response: box.cancelId ?? 0 }), { once: true });
      questions.push({ box, parent, answer });
      app.emit('stand-in-question', box, answer);
    });
  },
};
