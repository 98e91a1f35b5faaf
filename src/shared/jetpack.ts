// Jetson Linux (L4T) to JetPack. NVIDIA's release notes are read differently by the tables that people keep (36.5.0 is 6.2.1 to one and
// 6.2.2 to another), so this is a label for people. Nothing may refuse a node by it.

/** Exact releases. */
const JETPACK_BY_L4T: Readonly<Record<string, string>> = {
  '35.3.1': '5.1.1',
  '35.4.1': '5.1.2',
  '35.5.0': '5.1.3',
  '35.6.4': '5.1.6',
  '36.2.0': '6.0 DP',
  '36.3.0': '6.0',
  '36.4.0': '6.1',
  '36.4.2': '6.1 rev1',
  '36.4.3': '6.2',
  '36.4.4': '6.2.1',
  '36.4.7': '6.2.1',
  '36.5.0': '6.2.2',
  '38.4.0': '7.1',
  '39.0.0': '7.2 EA',
  '39.2.0': '7.2',
};

/** Releases of which every revision counts as the same JetPack. */
const JETPACK_BY_L4T_SERIES: Readonly<Record<string, string>> = { '38.2': '7.0' };

const JETPACK_BY_L4T_MAJOR: Readonly<Record<number, string>> = { 32: '4', 34: '5', 35: '5', 36: '6', 38: '7', 39: '7' };

export interface JetpackLabel {
  /** `6.2.1`; of a release that is not in the table the major version with `.x`. */
  label: string;
  /** The series it is treated as, `36.x`; null when the release is in the table. */
  treatedAs: string | null;
}

/** The JetPack of an L4T version such as `36.4.7`; null when the text is none. An unknown release is treated as the nearest known series. */
export function labelJetpack(l4tVersion: string | null): JetpackLabel | null {
  const match = /^(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?/.exec(l4tVersion ?? '');
  if (!match) return null;
  const [, major = '', minor = '', revision = '0'] = match;
  const known = JETPACK_BY_L4T[`${major}.${minor}.${revision}`] ?? JETPACK_BY_L4T_SERIES[`${major}.${minor}`];
  if (known !== undefined) return { label: known, treatedAs: null };
  const series = nearestMajor(Number(major));
  return { label: `${JETPACK_BY_L4T_MAJOR[series]}.x`, treatedAs: `${series}.x` };
}

/** The known major version at or below this one; the oldest for what is older than all. */
function nearestMajor(major: number): number {
  const majors = Object.keys(JETPACK_BY_L4T_MAJOR).map(Number);
  return Math.max(...majors.filter((known) => known <= major), Math.min(...majors));
}
