// What a device is: Jetson Linux, module, system on a chip, power mode. Read from the files themselves, not by jtop, which needs a root
// service and breaks with releases that it does not know.
import { labelJetpack } from '../../../../shared/jetpack.js';
import type { NodeFacts } from '../../../../shared/testbed.js';
import type { FactSection, SectionLines } from './fact-section.js';
import { firstText, parseCount } from './parse-values.js';

export const JETSON_SECTIONS: readonly FactSection[] = [
  { name: 'l4t', command: 'head -n 1 /etc/nv_tegra_release' },
  { name: 'l4t_core', command: "dpkg-query --showformat='${Version}\\n' --show nvidia-l4t-core" },
  { name: 'model', command: 'cat /proc/device-tree/model' },
  { name: 'compatible', command: "tr '\\000' '\\n' < /proc/device-tree/compatible" },
  { name: 'power_mode', command: 'limit 5 nvpmodel -q', tool: 'nvpmodel' },
];

/**
 * By part number. BOARD of nv_tegra_release is no help: it is often wrong. Of p3834-0008 only the family is known, by NVIDIA's nvpmodel files; which
 * device it is in, the device tree's model says.
 */
const MODULE_NAMES: Readonly<Record<string, string>> = {
  'p3701-0000': 'AGX Orin',
  'p3701-0004': 'AGX Orin 32 GB',
  'p3701-0005': 'AGX Orin 64 GB',
  'p3767-0000': 'Orin NX 16 GB',
  'p3767-0001': 'Orin NX 8 GB',
  'p3767-0003': 'Orin Nano 8 GB',
  'p3767-0004': 'Orin Nano 4 GB',
  'p3767-0005': 'Orin Nano 8 GB',
  'p3834-0008': 'Thor',
};

const MAX_MODE_ID = 255;

type JetsonFacts = Pick<NodeFacts, 'l4tVersion' | 'jetpack' | 'deviceModel' | 'module' | 'soc' | 'powerMode' | 'powerModeId'>;

export function parseJetson(sections: SectionLines): JetsonFacts {
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  const l4tVersion = parseRelease(lines('l4t')[0]) ?? parsePackage(lines('l4t_core')[0]);
  return {
    l4tVersion,
    jetpack: labelJetpack(l4tVersion)?.label ?? null,
    deviceModel: firstText(lines('model')) ?? firstText(lines('product')),
    ...parseCompatible(lines('compatible')),
    ...parsePowerMode(lines('power_mode')),
  };
}

/** `# R36 (release), REVISION: 4.7, GCID: ...` is L4T 36.4.7. */
function parseRelease(line: string | undefined): string | null {
  const match = /^# R(\d{1,3}) \(release\), REVISION: (\d{1,3}(?:\.\d{1,3}){0,2})(?:,|$)/.exec(line ?? '');
  return match ? `${match[1]}.${match[2]}` : null;
}

/** `36.4.7-20250918154033` of the package nvidia-l4t-core. */
function parsePackage(version: string | undefined): string | null {
  return /^(\d{1,3}(?:\.\d{1,3}){1,3})-/.exec(version ?? '')?.[1] ?? null;
}

/** Most special first: `nvidia,p3737-0000+p3701-0005` (carrier + module), ..., `nvidia,tegra234`. */
function parseCompatible(lines: readonly string[]): Pick<JetsonFacts, 'module' | 'soc'> {
  const parts = lines.flatMap((line) => line.match(/\bp\d{4}-\d{4}\b/g)?.at(-1) ?? []);
  const part = parts.find((candidate) => candidate in MODULE_NAMES) ?? parts[0];
  const name = part === undefined ? undefined : MODULE_NAMES[part];
  return {
    module: part === undefined ? null : name === undefined ? part : `${part} (${name})`,
    soc: /^[a-z0-9-]{1,40},([A-Za-z0-9_-]{1,40})$/.exec(lines.at(-1) ?? '')?.[1] ?? null,
  };
}

/** `NV Power Mode: MODE_30W`, then `2`; warnings of nvpmodel may stand around them. */
function parsePowerMode(lines: readonly string[]): Pick<JetsonFacts, 'powerMode' | 'powerModeId'> {
  const at = lines.findIndex((line) => line.startsWith('NV Power Mode:'));
  const powerMode = /^NV Power Mode: *([A-Za-z0-9_.-]{1,40})$/.exec(lines[at] ?? '')?.[1] ?? null;
  return { powerMode, powerModeId: powerMode === null ? null : parseCount(lines[at + 1], MAX_MODE_ID) };
}
