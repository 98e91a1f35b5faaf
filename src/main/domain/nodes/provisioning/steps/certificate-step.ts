import { X509Certificate } from 'node:crypto';
import { nodeServerName } from '../../../../../shared/agent-config.js';
import { dayOf, whyRenew } from '../../../../adapters/agents/certificate-life.js';
import { pushBytes } from '../../../../adapters/ssh/push-bytes.js';
import { INSTALL_DIR } from '../agent-config-for.js';
import type { NodeSession } from '../node-session.js';
import { nothingToDo, type ProvisioningStep, toChange } from '../provision-step.js';
import { removePaths } from '../remove-paths.js';

const CA_PATH = `${INSTALL_DIR}/tls/ca.pem`;
const CERTIFICATE_PATH = `${INSTALL_DIR}/tls/node.pem`;
const GOOD = "The node's certificate is of this testbed and valid for more than 30 days.";
const KEY_PATH = `${INSTALL_DIR}/tls/node.key`;

/** Gives the node a certificate of the testbed's authority, unless it has a good one. The key goes by standard input, once. */
export const certificateStep: ProvisioningStep = {
  async inspect(session) {
    const reason = await look(session);
    return reason === null ? nothingToDo(GOOD) : toChange(`${reason}.`, [`~/${INSTALL_DIR}/tls: a new key, and a certificate for it`]);
  },
  async apply(session) {
    const { node, testbed, tools, signal } = session;
    const prepare = `umask 077; mkdir -p ${INSTALL_DIR}/tls ${INSTALL_DIR}/results && chmod 700 ${INSTALL_DIR}`;
    await session.run('make its folder', prepare);
    const reason = await look(session);
    if (reason === null) return { state: 'unchanged', detail: GOOD };
    const authority = await tools.identities.authorityForIssuing(testbed.id);
    const { issueCertificate } = await import('../../../../adapters/agents/certificate-authority.js');
    const issued = await issueCertificate({ authority, kind: 'node', id: node.id, nowMs: tools.nowMs() });
    // The certificate goes last and its old self first: where there is one, the key beside it is its own.
    await session.run('remove its old certificate', `rm -f ${CERTIFICATE_PATH}`);
    const push = (remotePath: string, text: string): Promise<void> =>
      pushBytes(session.connection, { bytes: Buffer.from(text), remotePath, mode: 0o600, signal });
    await push(KEY_PATH, issued.privateKeyPem);
    await push(CA_PATH, authority.certificatePem);
    await push(CERTIFICATE_PATH, issued.certificatePem);
    return {
      state: 'changed',
      detail: `${reason}; installed one valid until ${dayOf(issued.expiresAtMs)}, renewed by itself before that.`,
    };
  },
  async remove(session) {
    return removePaths(session, { what: 'its certificate', paths: [`${INSTALL_DIR}/tls`] });
  },
};

/** Why the certificate is to be replaced; null when it is good. */
async function look(session: NodeSession): Promise<string | null> {
  const { node, testbed, tools } = session;
  const authority = await tools.identities.authority(testbed.id);
  // Without its key a certificate is of no use, so both count as missing then.
  const installed = await session.run(
    'read its certificate',
    `if [ -s ${KEY_PATH} ] && [ -s ${CERTIFICATE_PATH} ] && [ -s ${CA_PATH} ]; then cat ${CERTIFICATE_PATH}; echo; cat ${CA_PATH}; fi`,
    { maxOutputBytes: 64 * 1024 },
  );
  return whyReplace(installed, authority.certificatePem, node.id, tools.nowMs());
}

/** Null when what is installed is good. `installed` is the node's certificate and then the authority's, as PEM. */
function whyReplace(installed: string, authorityPem: string, nodeId: string, nowMs: number): string | null {
  const [certificatePem, caPem] = installed.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificatePem === undefined || caPem === undefined) return 'There was no certificate';
  try {
    const certificate = new X509Certificate(certificatePem);
    const authority = new X509Certificate(authorityPem);
    const isOurs = new X509Certificate(caPem).fingerprint256 === authority.fingerprint256 && certificate.verify(authority.publicKey);
    if (!isOurs) return "The certificate was not of this testbed's authority";
    if (!certificate.checkHost(nodeServerName(nodeId))) return 'The certificate was for another node';
    const reason = whyRenew(certificate, nowMs);
    return reason === null ? null : `The certificate ${reason}`;
  } catch {
    return 'The certificate was damaged';
  }
}
