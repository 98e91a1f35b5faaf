import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type AgentConfig, agentConfigSchema } from '../shared/agent-config.js';
import { AppError } from '../shared/errors.js';

/** Reads and checks the configuration file. Throws AppError invalid-input that names the file and the field. */
export async function loadConfig(path: string): Promise<AgentConfig> {
  const text = await readFile(path, 'utf8').catch((thrown: unknown) => {
    throw unusable(path, thrown instanceof Error ? thrown.message : 'it cannot be read');
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw unusable(path, thrown instanceof Error ? thrown.message : 'it is not JSON');
  }
  const parsed = agentConfigSchema.safeParse(json);
  if (!parsed.success) {
    throw unusable(path, parsed.error.issues.map((issue) => `${issue.path.join('.') || 'top level'}: ${issue.message}`).join('; '));
  }
  return parsed.data;
}

export interface TlsMaterial {
  caPem: string;
  certificatePem: string;
  privateKeyPem: string;
}

/** Reads the PEM files that the configuration names, relative to `baseDir`. Throws AppError invalid-input. */
export async function loadTlsMaterial(config: AgentConfig, baseDir: string): Promise<TlsMaterial> {
  const read = async (file: string): Promise<string> => {
    const path = resolve(baseDir, file);
    const pem = await readFile(path, 'utf8').catch((thrown: unknown) => {
      throw unusable(path, thrown instanceof Error ? thrown.message : 'it cannot be read');
    });
    if (!pem.includes('-----BEGIN ')) throw unusable(path, 'it is not a PEM file');
    return pem;
  };
  const [caPem, certificatePem, privateKeyPem] = await Promise.all([
    read(config.tls.caFile),
    read(config.tls.certificateFile),
    read(config.tls.privateKeyFile),
  ]);
  return { caPem, certificatePem, privateKeyPem };
}

function unusable(path: string, reason: string): AppError {
  return new AppError(
    'invalid-input',
    `Agent configuration ${path} is not usable: ${reason}.`,
    'Provision the node again to write a new one.',
  );
}
