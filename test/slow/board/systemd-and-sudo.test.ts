// A board with a systemd of its own and a real sudo, brought by commands of the terminal from SSH access to an agent that outlives logins, failures
// and reboots, and back. Each test continues where the one before ended.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildEntry } from '../../support/build-entry.js';
import { type BoardHarness, openBoardHarness } from '../../support/board/board-harness.js';
import { whyNoBoard } from '../../support/board/board-machine.js';
import { stepOf } from '../../support/provisioning-services.js';
import { until } from '../../support/until.js';

vi.setConfig({ testTimeout: 400_000, hookTimeout: 200_000 });

const WRONG_PASSWORD = 'not-the-password-of-it';
/** Of systemd, after which a user's own ends once its last session has: 10 s. */
const MANAGER_ENDS_MS = 14_000;
/** For a start, a watchdog of 30 s and a restart 5 s later, on a busy machine. */
const RESTART_MS = 120_000;
const USER_UNIT = '/home/nvidia/.config/systemd/user/dedgeai-agent.service';
const SYSTEM_UNIT = '/etc/systemd/system/dedgeai-agent-1000.service';

let harness: BoardHarness;
let before: string;

const reason = whyNoBoard();
if (reason !== null) it('is not tried: a board with a systemd and a sudo of its own', (context) => context.skip(`not run: ${reason}`));
else
  describe('a board with systemd and sudo', () => {
    beforeAll(async () => {
      harness = await openBoardHarness(await buildEntry('src/main/cli.ts'));
      before = everythingThere();
    });
    afterAll(() => harness?.close());
    defineTests();
  });

const root = (command: string): string => harness.board.runAsRoot(command);
const saying = (text: string): string => expect.stringContaining(text) as string;
/** What of the account and of systemd a removal has to leave as it was. */
const everythingThere = (): string =>
  root('cd / && find home/nvidia etc/systemd etc/sudoers.d var/lib/systemd/linger usr/libexec -not -path "*/.bash_history" | sort');
/** Empty while there is no agent. */
const agentPid = (): string => root('pgrep -u nvidia -f "^[^ ]*node [^ ]*/agent.mjs" || true').trim();
const sudoers = (...lines: string[]): void => harness.board.setSudoers(lines.join('\n'));

async function untilAnotherAgent(pid: string): Promise<void> {
  await until(() => agentPid() !== '' && agentPid() !== pid, RESTART_MS);
}

/** It listens, from what the program would install, kept running as it should be. */
async function expectNothingToDo(...words: string[]): Promise<void> {
  await until(async () => (await harness.planService(...words)).verdict === 'nothing', RESTART_MS);
}

function defineTests(): void {
  describe('without polkit and without sudo', () => {
    beforeAll(() => root('systemctl mask --now polkit'));
    afterAll(() => root('systemctl unmask polkit'));

    it("runs the agent under a supervisor, since the user's systemd would end it with the login, and says so before and after", async () => {
      const planned = await harness.planService();
      const provisioned = await harness.provision();
      await delay(MANAGER_ENDS_MS);

      expect(planned.why).toContain("The user's systemd ends with its last login until lingering is on");
      expect(provisioned).toMatchObject({ status: 0, state: 'succeeded' });
      expect(stepOf(provisioned, 'service').detail).toContain('loginctl enable-linger nvidia');
      expect(root('pgrep -u nvidia sshd || true')).toBe('');
      expect(agentPid()).not.toBe('');
      await expectNothingToDo();
    });
  });

  it('gives the agent to the systemd of the user, which lingers from then on, as soon as polkit allows it', async () => {
    const provisioned = await harness.provision();
    await delay(MANAGER_ENDS_MS);

    expect(stepOf(provisioned, 'service')).toMatchObject({ state: 'changed', detail: saying("kept running by the user's systemd.") });
    expect(root('ls /var/lib/systemd/linger').trim()).toBe('nvidia');
    expect(agentPid()).not.toBe('');
    await expectNothingToDo();
  });

  it('has the agent again after kill -9, after it hung for longer than the watchdog waits, and after a reboot', async () => {
    const killed = agentPid();
    root(`kill -9 ${killed}`);
    await untilAnotherAgent(killed);
    await expectNothingToDo();
    const hung = agentPid();
    root(`kill -STOP ${hung}`);
    await untilAnotherAgent(hung);
    await expectNothingToDo();
    await harness.board.reboot();
    await expectNothingToDo();
  });

  it('takes an update of the agent, and the one before has ended', async () => {
    root('echo "// of an earlier program" >>/home/nvidia/.dedgeai/agent.mjs');
    root('systemctl --user --machine nvidia@.host restart dedgeai-agent.service');
    const old = agentPid();

    const provisioned = await harness.provision();

    expect(stepOf(provisioned, 'agent').state).toBe('changed');
    expect(stepOf(provisioned, 'service').state).toBe('changed');
    expect(agentPid()).toMatch(/^\d+$/);
    expect(agentPid()).not.toBe(old);
  });

  it("names what is missing for the system's systemd: the password, a right one, a right to use sudo", async () => {
    const unknown = await harness.planService('--service', 'systemd-system');
    sudoers('nvidia ALL=(ALL) ALL');
    await harness.giveSudoPassword(WRONG_PASSWORD);
    const wrong = await harness.provision('--service', 'systemd-system');
    sudoers('# nothing for nvidia');
    await harness.giveSudoPassword(harness.board.password);
    const noRight = await harness.provision('--service', 'systemd-system');

    expect(unknown).toMatchObject({ verdict: 'blocked', why: 'it needs the sudo password.' });
    expect(stepOf(wrong, 'service').error).toMatchObject({ code: 'ssh-auth-failed', message: saying('incorrect password') });
    expect(stepOf(noRight, 'service').error).toMatchObject({
      code: 'ssh-auth-failed',
      message: saying('nvidia is not in the sudoers file'),
    });
  });

  it.each([
    ['its own terminal for what it runs, and a lecture', ['Defaults use_pty', 'Defaults lecture=always', 'nvidia ALL=(ALL) ALL'], true],
    ['a terminal (requiretty)', ['Defaults requiretty', 'nvidia ALL=(ALL) ALL'], true],
    ['a terminal, and gives another to what it runs', ['Defaults requiretty,use_pty', 'nvidia ALL=(ALL) ALL'], true],
    ['nothing', ['nvidia ALL=(ALL) NOPASSWD: ALL'], false],
    ['a terminal, and no password', ['Defaults requiretty,use_pty', 'nvidia ALL=(ALL) NOPASSWD: ALL'], false],
  ])('installs the unit of the system and takes it away again through a sudo that wants %s', async (_, lines, asksForPassword) => {
    sudoers(...lines);
    if (asksForPassword) await harness.giveSudoPassword(harness.board.password);
    else await harness.forgetSudoPassword().catch(() => undefined);

    const installed = await harness.provision('--service', 'systemd-system');
    const listed = root(`ls ${USER_UNIT} ${SYSTEM_UNIT} 2>/dev/null || true`).trim();
    const removed = await harness.provision('--service', 'systemd-user');

    expect(stepOf(installed, 'service')).toMatchObject({ state: 'changed', detail: saying("kept running by the system's systemd.") });
    expect(listed).toBe(SYSTEM_UNIT);
    expect(stepOf(removed, 'service')).toMatchObject({ state: 'changed', detail: saying("kept running by the user's systemd.") });
    expect(root(`ls ${USER_UNIT} ${SYSTEM_UNIT} 2>/dev/null || true`).trim()).toBe(USER_UNIT);
  });

  it('has the agent of the system again after kill -9, after it hung, and after a reboot, as the account of the node', async () => {
    sudoers('nvidia ALL=(ALL) ALL');
    await harness.giveSudoPassword(harness.board.password);
    await harness.provision('--service', 'systemd-system');

    const killed = agentPid();
    root(`kill -9 ${killed}`);
    await untilAnotherAgent(killed);
    await expectNothingToDo();
    const hung = agentPid();
    root(`kill -STOP ${hung}`);
    await untilAnotherAgent(hung);
    await harness.board.reboot();
    await expectNothingToDo();
    expect(root(`ps -o user= -p ${agentPid()}`).trim()).toBe('nvidia');
  });

  it('lets the clock be kept through a sudo that wants a terminal for all but that', async () => {
    sudoers('Defaults requiretty', 'nvidia ALL=(ALL) ALL');
    await harness.giveSudoPassword(harness.board.password);

    const kept = await harness.provision('--service', 'systemd-system', '--keep-clock');

    expect(stepOf(kept, 'preflight')).toMatchObject({ state: 'changed', detail: saying('may keep its clock right from now on') });
    expect(root('ls /etc/sudoers.d /usr/libexec')).toContain('dedgeai-clock-1000');
  });

  it('is left by a removal as it was found, without a process of the account', async () => {
    const removed = await harness.provision('--remove');

    expect(removed).toMatchObject({ status: 0, state: 'succeeded' });
    sudoers('# nothing for nvidia');
    expect(agentPid()).toBe('');
    expect(everythingThere().replace('etc/sudoers.d/account\n', '')).toBe(before);
  });

  it('has seen no password in its journal, in the log of sudo or in a file, nor has anyone whom the program told of it', () => {
    const seen = root('journalctl --no-pager -o cat; cat /var/log/auth.log /var/log/sudo.log 2>/dev/null || true') + harness.printed();
    // sudo notes what it was asked to run: this is where a password would be.
    expect(seen).toContain('COMMAND=/bin/sh -c');
    for (const secret of [harness.board.password, WRONG_PASSWORD]) {
      expect(seen).not.toContain(secret);
      expect(root(`grep -r -l -a -F --devices=skip -e '${secret}' /home /root /var/log /etc /run/user || true`).trim()).toBe('');
    }
  });
}
