// Closing the desktop window, and the program that continues without one, with a stand-in for the `electron` module and for the core's process.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildActivity } from '../../support/activity-fixtures.js';
import { type DesktopWindowHarness, mainWindow, nextQuestion, openDesktopWindow } from '../../support/desktop-window-harness.js';
import * as electron from '../../support/electron-stand-in.js';
import { eventually } from '../../support/until.js';

vi.mock('electron', () => import('../../support/electron-stand-in.js'));

let desktop: DesktopWindowHarness;

beforeEach(async () => {
  desktop = await openDesktopWindow();
});

afterEach(() => desktop.remove());

describe('closing the window', () => {
  it('closes at once where nothing continues', async () => {
    mainWindow().close();
    await eventually(() => expect(desktop.quits).toBe(1));
    expect(electron.questions).toEqual([]);
  });

  it('asks with counts where something does, and stays when that is the answer', async () => {
    desktop.services.going = [buildActivity()];
    mainWindow().close();
    const { box, answer, parent } = await nextQuestion();
    expect(box.message).toBe('1 run is in progress');
    expect(box.detail).toContain('53 of 200 tasks done');
    expect(parent).toBe(mainWindow());
    answer('Cancel');
    await eventually(() => expect(electron.questions).toEqual([]));
    expect(desktop.quits).toBe(0);
    expect(mainWindow().isVisible()).toBe(true);
  });

  it.each([
    ['Pause and Close', 'pause'],
    ['Stop and Close', 'stop'],
  ])('brings all to a stop first: %s', async (button, how) => {
    desktop.services.going = [buildActivity()];
    mainWindow().close();
    (await nextQuestion()).answer(button);
    await eventually(() => expect(desktop.quits).toBe(1));
    expect(desktop.services.settled).toEqual([how]);
    expect(mainWindow().isVisible()).toBe(false);
  });
});

describe('the program without a window', () => {
  const goToBackground = async (): Promise<void> => {
    desktop.services.going = [buildActivity()];
    mainWindow().close();
    (await nextQuestion()).answer('Keep Running in the Background');
    await eventually(() => expect(mainWindow().isVisible()).toBe(false));
  };

  it('has an icon whose menu says what is in progress', async () => {
    await goToBackground();
    await eventually(() => expect(electron.trays[0]?.menu.map(({ label }) => label)).toContain('Run “Batch”: 53 of 200 tasks done'));
    expect(electron.trays[0]!.toolTip).toContain('1 run');
  });

  it('comes back when it is started again, and its icon goes', async () => {
    await goToBackground();
    await desktop.shell.show();
    expect(mainWindow().isVisible()).toBe(true);
    expect(electron.trays).toEqual([]);
  });

  it('comes back where the desktop shows no icon, which is said', async () => {
    electron.Tray.isPossible = false;
    await goToBackground();
    expect(desktop.problems).toEqual([expect.stringContaining('start the program again')]);
    await desktop.shell.show();
    expect(mainWindow().isVisible()).toBe(true);
  });

  it('pauses and desktop.quits from its icon', async () => {
    await goToBackground();
    await eventually(() => expect(electron.trays[0]?.menu.length).toBeGreaterThan(0));
    electron.trays[0]!.menu.find(({ label }) => label === 'Pause and Quit')!.click!();
    await eventually(() => expect(desktop.quits).toBe(1));
    expect(desktop.services.settled).toEqual(['pause']);
  });

  it('tells what has ended, and nothing else', async () => {
    await goToBackground();
    await eventually(() => expect(electron.trays[0]?.menu.length).toBeGreaterThan(0));
    desktop.services.going = [];
    await eventually(() => expect(electron.notices).toHaveLength(1));
    expect(electron.notices[0]!.words.title).toContain('Run “Batch”');
    expect(desktop.quits).toBe(0);
    electron.notices[0]!.emit('click');
    expect(mainWindow().isVisible()).toBe(true);
  });
});

it('brings all to a pause when the system shuts down, asking nobody', async () => {
  desktop.services.going = [buildActivity()];
  const preventDefault = vi.fn();
  electron.powerMonitor.emit('shutdown', { preventDefault });
  expect(preventDefault).toHaveBeenCalled();
  await eventually(() => expect(desktop.quits).toBeGreaterThan(0));
  expect(desktop.services.settled).toContain('pause');
});
