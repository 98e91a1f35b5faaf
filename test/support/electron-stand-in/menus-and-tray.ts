// Menus, the icon in the tray, and notifications.
import { EventEmitter } from 'node:events';

export interface MenuItem {
  label?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  enabled?: boolean;
  click?: () => void;
  submenu?: MenuItem[];
}

/** Menus that popped up, oldest first, and the one of the menu bar. */
export const shownMenus: MenuItem[][] = [];
export const menuBar: MenuItem[] = [];
export const Menu = {
  buildFromTemplate: (template: MenuItem[]) => ({ template, popup: () => void shownMenus.push(template) }),
  setApplicationMenu: ({ template }: { template: MenuItem[] }) => void menuBar.splice(0, Infinity, ...template),
};

/** Icons that are there now. `isPossible` is whether the desktop shows any. */
export const trays: Tray[] = [];
export class Tray extends EventEmitter {
  static isPossible = true;
  toolTip = '';
  menu: MenuItem[] = [];
  constructor(_image: unknown) {
    super();
    if (!Tray.isPossible) throw new Error('There is no tray');
    trays.push(this);
  }
  setToolTip(text: string): void {
    this.toolTip = text;
  }
  setContextMenu({ template }: { template: MenuItem[] }): void {
    this.menu = template;
    this.emit('menu');
  }
  destroy(): void {
    trays.splice(trays.indexOf(this), 1);
  }
}

export const notices: Notification[] = [];
export class Notification extends EventEmitter {
  static isSupported(): boolean {
    return true;
  }
  // Not a parameter property: Node.js runs this file by stripping its types.
  readonly words: { title: string; body: string };
  constructor(words: { title: string; body: string }) {
    super();
    this.words = words;
  }
  show(): void {
    notices.push(this);
  }
}
