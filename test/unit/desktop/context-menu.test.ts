import { describe, expect, it, vi } from 'vitest';
import { contextMenuTemplate, type MenuTarget } from '../../../src/main/shells/electron/context-menu.js';
import { imageOf } from '../../../src/main/shells/electron/image-address.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

const SHA = 'a'.repeat(64);
const flags = { canUndo: true, canRedo: false, canCut: true, canCopy: true, canPaste: true, canSelectAll: true };
const target = (change: Partial<MenuTarget> = {}): MenuTarget => ({
  x: 3,
  y: 4,
  isEditable: false,
  selectionText: '',
  linkURL: '',
  mediaType: 'none',
  srcURL: '',
  hasImageContents: false,
  editFlags: flags,
  ...change,
});
const asked: string[] = [];
const actions = {
  copyText: (text: string) => void asked.push(`copy ${text}`),
  copyImageAt: (x: number, y: number) => void asked.push(`copy image ${x} ${y}`),
  saveImage: (url: string) => void asked.push(`save ${url}`),
  openImage: (sha256: string) => void asked.push(`open ${sha256}`),
};
const menu = (change: Partial<MenuTarget> = {}) => contextMenuTemplate(target(change), actions);
const words = (change: Partial<MenuTarget> = {}): unknown[] => menu(change).map(({ role, label, type }) => label ?? role ?? type);
const choose = (change: Partial<MenuTarget>, label: string): string | undefined => {
  const item = menu(change).find((candidate) => candidate.label === label);
  item?.click?.(undefined as never, undefined, undefined as never);
  return asked.at(-1);
};

describe('contextMenuTemplate', () => {
  it('is empty where there is nothing to ask for', () => {
    expect(menu()).toEqual([]);
    expect(menu({ selectionText: ' \n ' })).toEqual([]);
  });

  it('edits a text field, with what is not possible now disabled', () => {
    expect(words({ isEditable: true })).toEqual(['undo', 'redo', 'separator', 'cut', 'copy', 'paste', 'separator', 'selectAll']);
    expect(menu({ isEditable: true }).find(({ role }) => role === 'redo')?.enabled).toBe(false);
  });

  it('copies selected text', () => {
    expect(words({ selectionText: 'a dog' })).toEqual(['copy']);
  });

  it('copies the address of a link that leads outside, and of no other', () => {
    expect(choose({ linkURL: 'https://arxiv.org/abs/1' }, 'Copy Link')).toBe('copy https://arxiv.org/abs/1');
    expect(menu({ linkURL: 'dedgeai://app/#/runs' })).toEqual([]);
    expect(menu({ linkURL: 'javascript:alert(1)' })).toEqual([]);
  });

  it('copies, saves and opens an image, in full size though its thumbnail was asked', () => {
    const image = { mediaType: 'image', hasImageContents: true, srcURL: `dedgeai://app/thumbnails/${SHA}` } as const;
    expect(words(image)).toEqual(['Copy Image', 'Save Image As…', 'Open in Full Size']);
    expect(choose(image, 'Copy Image')).toBe('copy image 3 4');
    expect(choose(image, 'Save Image As…')).toBe(`save dedgeai://app/images/${SHA}`);
    expect(choose(image, 'Open in Full Size')).toBe(`open ${SHA}`);
  });

  it('only copies a picture that is no image of a run', () => {
    expect(words({ mediaType: 'image', hasImageContents: true, srcURL: 'data:image/png;base64,AA' })).toEqual(['Copy Image']);
  });

  it('saves and opens the image that a link means, and divides groups', () => {
    const link = { linkURL: `dedgeai://app/images/${SHA}`, selectionText: 'words' };
    expect(words(link)).toEqual(['copy', 'separator', 'Save Image As…', 'Open in Full Size']);
  });
});

describe('imageOf', () => {
  it.each([
    `dedgeai://app.evil.example/images/${SHA}`,
    `dedgeai://user@app/images/${SHA}`,
    `https://app/images/${SHA}`,
    `dedgeai://app/images/${SHA}?x=1`,
    `dedgeai://app/images/${SHA}/..`,
    `dedgeai://app/images/${SHA.slice(1)}`,
    `dedgeai://app/exports/${SHA}`,
    'dedgeai://app/',
    'no address',
  ])('is none for %s', (address) => expect(imageOf(address)).toBeNull());
});
