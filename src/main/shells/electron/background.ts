// The program without a window: an icon where the desktop shows one, and a notice when something has ended. Starting the program again shows
// the window, whether there is an icon or not.
import { Menu, nativeImage, Notification, Tray } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import type { Activity } from '../../../shared/activity.js';
import { countActivities, describeActivity, PROGRAM_TITLE } from './closing-words.js';
import { endedSince } from './ended-activity.js';
import type { EndNotice } from './ended-activity.js';

/** Real ms between two looks at what is in progress while no one sees the window. */
const LOOK_EVERY_MS = 2000;
const ICON_SIZE_PX = 22;

export interface BackgroundOptions {
  iconPath: string;
  activity(): Promise<Activity[]>;
  /** What is to be shown of something that has ended. */
  noticeOf(ended: Activity): Promise<EndNotice>;
  show(): void;
  pauseAndQuit(): void;
  quit(): void;
  onProblem(message: string): void;
}

export class Background {
  readonly #options: BackgroundOptions;
  #tray: Tray | null = null;
  #timer: NodeJS.Timeout | null = null;
  #going: Activity[] | null = null;
  #isLooking = false;
  /** A notice that no one holds is collected, and its click is lost. */
  readonly #notices = new Set<Notification>();

  constructor(options: BackgroundOptions) {
    this.#options = options;
  }

  /** Whether it stands for the window now. */
  get isActive(): boolean {
    return this.#timer !== null;
  }

  /** The window has been hidden. */
  enter(): void {
    if (this.#timer) return;
    this.#tray = this.#makeTray();
    this.#going = null;
    this.#timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
    void this.look();
  }

  /** The window is seen again, or the program ends. */
  leave(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#tray?.destroy();
    this.#tray = null;
  }

  /** Looks at what is in progress, now. Never rejects. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    // A core that is starting again is found by the next look.
    const now = await this.#options.activity().catch(() => null);
    this.#isLooking = false;
    if (now === null || !this.#timer) return;
    const ended = endedSince(this.#going ?? [], now);
    this.#going = now;
    this.#tray?.setToolTip(now.length === 0 ? PROGRAM_TITLE : `${PROGRAM_TITLE}: ${countActivities(now)}`);
    this.#tray?.setContextMenu(Menu.buildFromTemplate(trayTemplate(now, this.#options)));
    for (const activity of ended) this.#notify(await this.#options.noticeOf(activity));
  }

  #makeTray(): Tray | null {
    try {
      const tray = new Tray(nativeImage.createFromPath(this.#options.iconPath).resize({ width: ICON_SIZE_PX, height: ICON_SIZE_PX }));
      tray.on('click', () => this.#options.show());
      return tray;
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      this.#options.onProblem(`No icon can be shown while the window is hidden (${reason}); start the program again to see the window`);
      return null;
    }
  }

  #notify({ title, body }: EndNotice): void {
    if (!this.#timer || !Notification.isSupported()) return;
    const notice = new Notification({ title, body });
    this.#notices.add(notice);
    notice.on('click', () => this.#options.show());
    notice.on('close', () => this.#notices.delete(notice));
    notice.show();
  }
}

/** The menu of the icon; what is in progress is in it as text. */
export function trayTemplate(
  going: readonly Activity[],
  { show, pauseAndQuit, quit }: Pick<BackgroundOptions, 'show' | 'pauseAndQuit' | 'quit'>,
): MenuItemConstructorOptions[] {
  const texts = going.length === 0 ? ['Nothing is in progress'] : going.slice(0, 8).map(describeActivity);
  return [
    { label: 'Open', click: show },
    { type: 'separator' },
    ...texts.map((label) => ({ label, enabled: false })),
    { type: 'separator' },
    ...(going.length === 0 ? [] : [{ label: 'Pause and Quit', click: pauseAndQuit }]),
    { label: 'Quit', click: quit },
  ];
}
