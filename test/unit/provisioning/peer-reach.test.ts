import { expect, test } from 'vitest';
import { MAX_PEERS_TRIED, peersOf } from '../../../src/main/domain/nodes/provisioning/peers/try-peers.js';
import { describePlan } from '../../../src/main/shells/cli/plan-text.js';
import { describePeerReach, type PeerAnswer, type PeerReach, type PeerTry } from '../../../src/shared/peer-reach.js';

const NAMES = ['orin-1', 'orin-2', 'orin-3'];
const nodes = NAMES.map((name, index) => ({ nodeId: name, nodeName: name, host: `10.0.0.${index + 1}`, port: 7411 }));

/** All reached, but for what `answers` says of `from>to`; `here` is this computer. */
function reachOf(answers: Record<string, PeerAnswer> = {}, why = 'it has nothing to try with.'): PeerReach {
  const tries = [null, ...NAMES].flatMap((fromId) =>
    NAMES.filter((toId) => toId !== fromId).map((toId): PeerTry => {
      const answer = answers[`${fromId ?? 'here'}>${toId}`] ?? 'reached';
      return { fromId, toId, answer, why: answer === 'not-tried' ? why : null };
    }),
  );
  return { nodes, tries, sampledPeers: null };
}

test('where all are reached, the summary counts them and nothing else is said', () => {
  expect(describePeerReach(reachOf())).toEqual({
    summary: 'The nodes reach each other: 9 connections to agents’ ports tried, all of them open.',
    problems: [],
    notTried: [],
  });
});

test('a node that no one reaches has the firewall as its remedy, by the command with its port', () => {
  const closed = describePeerReach(reachOf({ 'here>orin-2': 'silent', 'orin-1>orin-2': 'silent', 'orin-3>orin-2': 'silent' }));

  expect(closed.summary).toBe('6 of 9 connections to agents’ ports are open.');
  expect(closed.problems).toEqual([
    {
      text: 'orin-2 (10.0.0.2, port 7411) does not answer this computer, orin-1 and orin-3.',
      remedy: expect.stringContaining('sudo ufw allow 7411/tcp') as string,
    },
  ]);
});

test('a node that some reach is not said to have a firewall of its own', () => {
  const [problem] = describePeerReach(reachOf({ 'orin-1>orin-2': 'refused' })).problems;

  expect(problem?.text).toBe('orin-2 (10.0.0.2, port 7411) refuses connections of orin-1.');
  expect(problem?.remedy).toContain('Others reach it');
  expect(problem?.remedy).not.toContain('ufw');
});

test('a name that is not known and a missing route have remedies of their own', () => {
  const { problems } = describePeerReach(reachOf({ 'orin-1>orin-2': 'no-name', 'orin-3>orin-2': 'no-route' }));

  expect(problems.map(({ text }) => text)).toEqual([
    'orin-2 (10.0.0.2, port 7411) has no route from orin-3.',
    'orin-2 (10.0.0.2, port 7411) has a name that is not known to orin-1.',
  ]);
  expect(problems[1]?.remedy).toContain('/etc/hosts');
});

test('what was not tried is never counted as open, and has its reason once', () => {
  const described = describePeerReach(reachOf({ 'orin-1>orin-2': 'not-tried', 'orin-1>orin-3': 'not-tried' }));

  expect(described.summary).toContain('7 connections to agents’ ports tried, all of them open. 2 connections could not be tried.');
  expect(described.notTried).toEqual(['2 connections from orin-1 not tried: it has nothing to try with.']);
  const none: PeerReach = { ...reachOf(), tries: reachOf().tries.map((one) => ({ ...one, answer: 'not-tried', why: 'no.' })) };
  expect(describePeerReach(none).summary).toBe('Whether the nodes reach each other could not be tried.');
});

test('fifty nodes try each other, and of more each tries as many as the next, which is called a sample', () => {
  const fifty = Array.from({ length: 50 }, (_, index) => index);
  expect(peersOf(fifty, 49)).toHaveLength(49);
  const many = Array.from({ length: 200 }, (_, index) => index);
  const tried = many.flatMap((from) => peersOf(many, from));
  expect(new Set(many.map((to) => tried.filter((one) => one === to).length))).toEqual(new Set([MAX_PEERS_TRIED]));
  expect(describePeerReach({ ...reachOf(), sampledPeers: 64 }).summary).toContain('A sample: each of the 3 nodes tried 64 others');
});

test('the terminal shows who reaches whom, what is wrong, and how it is mended', () => {
  const reach = reachOf({ 'orin-3>orin-1': 'silent' });

  const text = describePlan({ testbedId: 'testbed-1', madeAtMs: 0, nodes: [], peers: reach });

  expect(text).toContain('8 of 9 connections');
  expect(text).toMatch(/orin-3 +no answer +reached/);
  expect(text).toContain('orin-1 (10.0.0.1, port 7411) does not answer orin-3.');
});
