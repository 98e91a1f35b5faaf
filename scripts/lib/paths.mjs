import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const projectDir = resolve(fileURLToPath(new URL('../..', import.meta.url)));

export const fromProject = (...parts) => join(projectDir, ...parts);
