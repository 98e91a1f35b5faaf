// What varies by the minute: clocks, temperatures, load and power; and the link to this machine.
import type { NodeFacts } from '../../../../shared/testbed.js';
import type { FactSection, SectionLines } from './fact-section.js';
import { parseTegrastats } from './parse-tegrastats.js';
import { firstText, parseCount } from './parse-values.js';

const MAX_SENSORS = 40;
/** No processor is clocked faster, and no link of one port carries more. */
const MAX_MHZ = 20_000;
const MAX_LINK_MBPS = 1_600_000;

export const HARDWARE_SECTIONS: readonly FactSection[] = [
  { name: 'governor', command: 'cat /sys/devices/system/cpu/cpu0/cpufreq/scaling_governor' },
  {
    name: 'cpu_clocks',
    command: `for folder in /sys/devices/system/cpu/cpufreq/policy*; do
  [ -r "$folder/scaling_max_freq" ] && echo "$(cat "$folder/scaling_cur_freq") $(cat "$folder/scaling_max_freq")"
done
:`,
    maxLines: 300,
  },
  {
    name: 'gpu_clocks',
    command: `for folder in /sys/class/devfreq/*gpu* /sys/class/devfreq/*.ga10b; do
  [ -r "$folder/cur_freq" ] && echo "$(cat "$folder/cur_freq") $(cat "$folder/min_freq") $(cat "$folder/max_freq")"
done
:`,
  },
  {
    name: 'temperatures',
    command: `for folder in /sys/class/thermal/thermal_zone*; do
  [ -r "$folder/temp" ] && echo "$(cat "$folder/temp") $(cat "$folder/type")"
done
:`,
  },
  { name: 'tegrastats', command: 'limit 3 tegrastats --interval 500 | head -n 1' },
  {
    name: 'link',
    command: `client="\${SSH_CONNECTION%% *}"
link="$(ip -o route get "$client" | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p')"
[ -n "$link" ] || link="$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route)"
echo "$link"
cat "/sys/class/net/$link/speed"
:`,
  },
];

type HardwareFacts = Pick<
  NodeFacts,
  | 'cpuGovernor'
  | 'cpuMhz'
  | 'cpuMaxMhz'
  | 'gpuMhz'
  | 'gpuMinMhz'
  | 'gpuMaxMhz'
  | 'temperatures'
  | 'gpuLoadPercent'
  | 'powerRails'
  | 'linkMbps'
  | 'linkName'
>;

export function parseHardware(sections: SectionLines): HardwareFacts {
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  const cpus = parseRows(lines('cpu_clocks'), 2);
  const gpus = parseRows(lines('gpu_clocks'), 3);
  const tegrastats = parseTegrastats(lines('tegrastats')[0] ?? '');
  const zones = lines('temperatures').flatMap(parseTemperature).slice(0, MAX_SENSORS);
  const linkName = /^[A-Za-z0-9_.:@-]{1,32}$/.test(lines('link')[0] ?? '') ? firstText(lines('link')) : null;
  return {
    cpuGovernor: firstText(lines('governor')),
    cpuMhz: highest(cpus, 0, 1_000),
    cpuMaxMhz: highest(cpus, 1, 1_000),
    gpuMhz: highest(gpus, 0, 1_000_000) ?? (tegrastats?.gpuMhz.length ? Math.max(...tegrastats.gpuMhz) : null),
    gpuMinMhz: highest(gpus, 1, 1_000_000),
    gpuMaxMhz: highest(gpus, 2, 1_000_000),
    temperatures: zones.length > 0 ? zones : (tegrastats?.temperatures ?? []),
    gpuLoadPercent: tegrastats?.gpuLoadPercent ?? null,
    powerRails: tegrastats?.rails.map(({ name, milliwatts }) => ({ name, milliwatts })) ?? [],
    linkName,
    // Drivers say -1 where nothing is plugged in, and nothing where the link has no rate (loopback, Wi-Fi).
    linkMbps: linkName === null ? null : parseCount(lines('link')[1], MAX_LINK_MBPS) || null,
  };
}

/** Lines of `width` whole numbers; others are passed over. */
function parseRows(lines: readonly string[], width: number): number[][] {
  return lines.flatMap((line) => {
    const numbers = line.split(' ').flatMap((word) => parseCount(word) ?? []);
    return numbers.length === width && line.split(' ').length === width ? [numbers] : [];
  });
}

/** Frequencies come in kHz (CPU) or Hz (GPU): `perMhz` of them are one MHz. */
function highest(rows: readonly number[][], column: number, perMhz: number): number | null {
  const values = rows.flatMap((row) => row[column] ?? []);
  const mhz = values.map((value) => Math.round(value / perMhz)).filter((value) => value <= MAX_MHZ);
  return mhz.length === 0 ? null : Math.max(...mhz);
}

/** `47625 gpu-thermal`, in thousandths of a degree. A sensor that is switched off fails to be read, or says -256 degrees. */
function parseTemperature(line: string): NodeFacts['temperatures'] {
  const [, thousandths, name] = /^(-?\d{1,7}) ([\w.-]{1,40})$/.exec(line) ?? [];
  if (thousandths === undefined || name === undefined) return [];
  const celsius = Math.round(Number(thousandths) / 100) / 10;
  return celsius < -100 || celsius > 300 ? [] : [{ name: name.replace(/[-_]thermal$/i, ''), celsius }];
}
