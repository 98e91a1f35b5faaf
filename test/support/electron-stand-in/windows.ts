// Windows and what is shown in them.
import { EventEmitter } from 'node:events';
import { app } from './application.js';
import { toWindow } from './page.js';
import type { MessagePortMain } from './ports.js';

export const windows: BrowserWindow[] = [];

export class WebContents extends EventEmitter {
  mainFrame = { url: '' };
  windowOpenHandler: (details: { url: string }) => { action: string } = () => ({ action: 'allow' });
  getURL(): string {
    return this.mainFrame.url;
  }
  setWindowOpenHandler(handler: WebContents['windowOpenHandler']): void {
    this.windowOpenHandler = handler;
  }
  isDestroyed(): boolean {
    return false;
  }
  /** What was asked of the page, oldest first. */
  readonly asked: string[] = [];
  zoomLevel = 0;
  hasCrashed = false;
  isCrashed(): boolean {
    return this.hasCrashed;
  }
  reload(): void {
    this.hasCrashed = false;
    this.asked.push('reload');
  }
  /** The page dies, as by a signal. */
  die(reason = 'killed'): void {
    this.hasCrashed = true;
    this.emit('render-process-gone', {}, { reason, exitCode: 9 });
  }
  forcefullyCrashRenderer(): void {
    this.die('crashed');
  }
  getZoomLevel(): number {
    return this.zoomLevel;
  }
  setZoomLevel(level: number): void {
    this.zoomLevel = level;
  }
  getTitle(): string {
    return 'the page';
  }
  downloadURL(url: string): void {
    this.asked.push(`download ${url}`);
  }
  copyImageAt(x: number, y: number): void {
    this.asked.push(`copy image at ${x} ${y}`);
  }
  loadURL(url: string): Promise<void> {
    this.mainFrame = { url };
    return Promise.resolve();
  }
  insertCSS(): Promise<string> {
    return Promise.resolve('key');
  }
  executeJavaScriptInIsolatedWorld(): Promise<unknown> {
    return Promise.resolve({ width: 512, height: 512 });
  }
  send(channel: string, message: unknown): void {
    toWindow.emit(channel, {}, structuredClone(message));
  }
  postMessage(channel: string, message: unknown, ports: MessagePortMain[]): void {
    toWindow.emit(channel, { ports: ports.map((port) => port.port) }, structuredClone(message));
  }
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents();
  focusCount = 0;
  readonly options: { backgroundColor?: string; title?: string; webPreferences: Record<string, unknown> };
  bounds = { x: 0, y: 0, width: 0, height: 0 };
  isShown = false;
  isGone = false;
  maximized = false;
  fullScreen = false;
  backgroundColor: string;
  title: string;
  progress = -1;
  constructor(options: BrowserWindow['options'] & Partial<BrowserWindow['bounds']>) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
    this.backgroundColor = options.backgroundColor ?? '';
    this.title = options.title ?? '';
    windows.push(this);
    app.emit('browser-window-created', this);
  }
  static getAllWindows(): BrowserWindow[] {
    return windows.filter((window) => !window.isGone);
  }
  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame = { url };
    this.emit('loaded');
    this.emit('ready-to-show');
    this.webContents.emit('did-finish-load');
    return Promise.resolve();
  }
  show(): void {
    this.isShown = true;
  }
  hide(): void {
    this.isShown = false;
    this.emit('hide');
  }
  isVisible(): boolean {
    return this.isShown;
  }
  /** As by its own button: someone may prevent it. */
  close(): void {
    let isPrevented = false;
    this.emit('close', { preventDefault: () => (isPrevented = true) });
    if (isPrevented || this.isGone) return;
    this.isGone = true;
    this.webContents.emit('destroyed');
    this.emit('closed');
  }
  isDestroyed(): boolean {
    return this.isGone;
  }
  isMinimized(): boolean {
    return false;
  }
  maximize(): void {
    this.maximized = true;
  }
  isMaximized(): boolean {
    return this.maximized;
  }
  setFullScreen(isFull: boolean): void {
    this.fullScreen = isFull;
  }
  isFullScreen(): boolean {
    return this.fullScreen;
  }
  getBounds(): BrowserWindow['bounds'] {
    return this.bounds;
  }
  getNormalBounds(): BrowserWindow['bounds'] {
    return this.bounds;
  }
  setBackgroundColor(color: string): void {
    this.backgroundColor = color;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  setProgressBar(progress: number): void {
    this.progress = progress;
  }
  setContentSize(width: number, height: number): void {
    this.bounds = { ...this.bounds, width, height };
  }
  center(): void {}
  removeMenu(): void {}
  focus(): void {
    this.focusCount++;
  }
}
