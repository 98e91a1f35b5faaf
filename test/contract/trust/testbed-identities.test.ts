// Certificates of a testbed on disk, over years.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { issueCertificate } from '../../../src/main/adapters/agents/certificate-authority.js';
import { DAY_MS } from '../../../src/main/adapters/agents/certificate-life.js';
import { SecretFiles } from '../../../src/main/adapters/secrets/secret-files.js';
import { TestbedIdentities } from '../../../src/main/adapters/secrets/testbed-identities.js';

const START_MS = Date.UTC(2026, 0, 1);
let dir: string;
let nowMs: number;
let events: string[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dedgeai-identities-'));
  nowMs = START_MS;
  events = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** As a start of the program makes it. */
function openIdentities(): TestbedIdentities {
  return new TestbedIdentities({ files: new SecretFiles(dir), nowMs: () => nowMs, recordEvent: ({ message }) => events.push(message) });
}

function read(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

describe("the control center's certificate", () => {
  it('is renewed in its last 30 days, in a program that runs and at a start alike', async () => {
    const identities = openIdentities();
    const first = await identities.controlCenter('t');
    nowMs += 59 * DAY_MS;
    expect(await identities.controlCenter('t')).toEqual(first);
    nowMs += 2 * DAY_MS;
    const second = await identities.controlCenter('t');
    expect(second.certificatePem).not.toBe(first.certificatePem);
    expect(read(second.certificatePem).validToDate.getTime()).toBe(nowMs + 90 * DAY_MS);
    expect(read(second.certificatePem).checkPrivateKey(createPrivateKey(second.privateKeyPem))).toBe(true);
    expect(await openIdentities().controlCenter('t')).toEqual(second);
  });

  it('is made again when it is from a clock that was ahead', async () => {
    nowMs = START_MS + 1000 * DAY_MS;
    await openIdentities().authority('t');
    const ahead = await openIdentities().controlCenter('t');
    nowMs = START_MS;
    expect((await openIdentities().controlCenter('t')).certificatePem).not.toBe(ahead.certificatePem);
  });

  it('is made again when the program ended between its key and itself', async () => {
    const first = await openIdentities().controlCenter('t');
    new SecretFiles(dir).remove('t-control-center.pem');
    const second = await openIdentities().controlCenter('t');
    expect(second.privateKeyPem).not.toBe(first.privateKeyPem);
    expect(read(second.certificatePem).checkPrivateKey(createPrivateKey(second.privateKeyPem))).toBe(true);
  });
});

describe("the testbed's authority", () => {
  it('survives a clock that is wrong for a moment', async () => {
    const first = await openIdentities().authority('t');
    nowMs = START_MS + 4000 * DAY_MS;
    expect(await openIdentities().authority('t')).toEqual(first);
    await openIdentities().controlCenter('t');
    nowMs = START_MS;
    expect(await openIdentities().authority('t')).toEqual(first);
    const { validFromDate, validToDate } = read((await openIdentities().controlCenter('t')).certificatePem);
    expect([validFromDate.getTime(), validToDate.getTime()]).toEqual([START_MS - DAY_MS, START_MS + 90 * DAY_MS]);
  });

  it('is replaced by provisioning alone, near its end, and the event says what that means', async () => {
    const identities = openIdentities();
    const first = await identities.authorityForIssuing('t');
    const own = await identities.controlCenter('t');
    nowMs = START_MS + (3650 - 121) * DAY_MS;
    expect(await identities.authorityForIssuing('t')).toEqual(first);
    nowMs += 2 * DAY_MS;
    const second = await identities.authorityForIssuing('t');
    expect(second.certificatePem).not.toBe(first.certificatePem);
    expect(events).toEqual([expect.stringMatching(/ends on 2035-12-30 and was replaced: provision all of its nodes again/)]);
    const renewed = await identities.controlCenter('t');
    expect(renewed.certificatePem).not.toBe(own.certificatePem);
    expect(read(renewed.certificatePem).verify(read(second.certificatePem).publicKey)).toBe(true);
  });
});

describe("a node's certificate", () => {
  async function issuedFor(nodeId: string) {
    const authority = await openIdentities().authority('t');
    return issueCertificate({ authority, kind: 'node', id: nodeId, nowMs });
  }

  it('is left alone while it is good, and renewed for the same key in its last third', async () => {
    const { certificatePem, privateKeyPem } = await issuedFor('n1');
    const shown = read(certificatePem).raw;
    nowMs += 59 * DAY_MS;
    expect(await openIdentities().renewNodeCertificate('t', 'n1', shown)).toEqual({ certificate: null, problem: null });
    nowMs += 2 * DAY_MS;
    const { certificate } = await openIdentities().renewNodeCertificate('t', 'n1', shown);
    const renewed = new X509Certificate(certificate!);
    expect(renewed.validToDate.getTime()).toBe(nowMs + 90 * DAY_MS);
    expect(renewed.checkPrivateKey(createPrivateKey(privateKeyPem))).toBe(true);
    expect(renewed.subjectAltName).toBe(read(certificatePem).subjectAltName);
  });

  it('is not given for what another node or another testbed shows', async () => {
    const { certificatePem } = await issuedFor('n2');
    const shown = read(certificatePem).raw;
    nowMs += 70 * DAY_MS;
    const refusal = { code: 'agent-failed', message: expect.stringContaining('not its own') as string };
    await expect(openIdentities().renewNodeCertificate('t', 'n1', shown)).rejects.toMatchObject(refusal);
    await expect(openIdentities().renewNodeCertificate('other', 'n2', shown)).rejects.toMatchObject(refusal);
    await expect(openIdentities().renewNodeCertificate('t', 'n2', new Uint8Array([1]))).rejects.toMatchObject(refusal);
  });

  it('that ends with the authority is told of instead', async () => {
    await openIdentities().authority('t');
    nowMs = START_MS + 3640 * DAY_MS;
    const { certificatePem } = await issuedFor('n1');
    const { certificate, problem } = await openIdentities().renewNodeCertificate('t', 'n1', read(certificatePem).raw);
    expect(certificate).toBeNull();
    expect(problem).toContain("ends on 2035-12-30 with the testbed's authority: provision all nodes again");
  });
});
