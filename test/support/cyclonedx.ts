// Holds a list of contents against the schema of CycloneDX 1.5, as its own library ships it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const schemasDir = join(dirname(createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
const readSchema = (name: string): object => JSON.parse(readFileSync(join(schemasDir, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;

/** What is wrong with it, a line each; empty where it is valid. */
export function validateSbom(sbom: unknown): string[] {
  const ajv = new Ajv({ strict: false, allErrors: true });
  // By the names under which the library's copies know each other.
  for (const name of ['spdx', 'jsf-0.82']) ajv.addSchema(readSchema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  addFormats(ajv);
  // Addresses of other alphabets, which no component here has.
  ajv.addFormat('idn-email', true).addFormat('iri-reference', true);
  const validate = ajv.compile(readSchema('bom-1.5'));
  if (validate(sbom)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
