// The sign of each kind in lists.
import { Activity, Box, Database, FileText, GraduationCap, Layers, ListChecks, Network, Server, Timer } from '@lucide/vue';
import type { BinKind } from '../../../shared/bin.js';

export const KIND_ICONS: Record<BinKind, typeof Activity> = {
  run: Activity,
  series: Layers,
  training: GraduationCap,
  study: ListChecks,
  provisioning: Network,
  calibration: Timer,
  dataset: Database,
  model: Box,
  report: FileText,
  testbed: Server,
};
