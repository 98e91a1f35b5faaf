// One line of NVIDIA's tegrastats. Its form varies by release and device, so every part is looked for by itself:
//
//   RAM 20642/62817MB (lfb 1x2MB) SWAP 0/31408MB (cached 0MB) CPU [23%@2201,off] EMC_FREQ 3%@3199
//   CPU [0%,5%,off]@2601 (Thor, one clock for all)
//   GR3D_FREQ 10%@1300 (JetPack 6) | 12%@[1300,1300] (JetPack 7, Orin) | @[1000,1000,1000] (Thor, without a load) | 0% (older)
//   cpu@52.968C | CPU@52.9C/52.9C     VDD_GPU_SOC 5139mW/5139mW | 5139mW/5139mW/5139mW

export interface TegrastatsSample {
  memoryUsedBytes: number | null;
  memoryTotalBytes: number | null;
  /** The largest free block and how many there are: what a large allocation of the GPU can count on. */
  largestFreeBlockBytes: number | null;
  largestFreeBlockCount: number | null;
  swapUsedBytes: number | null;
  swapTotalBytes: number | null;
  /** Cores in their order; null is a core that is off. Older forms report no clock. */
  cpus: ({ loadPercent: number; mhz: number | null } | null)[];
  memoryControllerPercent: number | null;
  /** Null where the device reports no load (Thor). */
  gpuLoadPercent: number | null;
  /** One clock for each cluster of the GPU; empty where none is reported. */
  gpuMhz: number[];
  temperatures: { name: string; celsius: number }[];
  /** `average` and `max` are since tegrastats was started. */
  rails: { name: string; milliwatts: number; averageMilliwatts: number; maxMilliwatts: number | null }[];
}

const MAX_LINE_LENGTH = 4_000;
const MAX_PARTS = 40;
const UNIT_BYTES: Readonly<Record<string, number>> = { kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };
/** A sensor that is switched off says -256 degrees. */
const OFFLINE_BELOW_CELSIUS = -100;
const MAX_CELSIUS = 300;
const MAX_MHZ = 20_000;
const MAX_MILLIWATTS = 1_000_000;
/** The name of a channel of the power monitor that is wired to nothing. */
const NOT_CONNECTED = 'NC';

/** Null when the line reports no memory, which every release does: then it is something else. */
export function parseTegrastats(line: string): TegrastatsSample | null {
  const text = line.slice(0, MAX_LINE_LENGTH);
  const ram = /\bRAM (\d{1,9})\/(\d{1,9})([kMG]B)(?: \(lfb (\d{1,9})x(\d{1,9})([kMG]B)\))?/.exec(text);
  if (!ram) return null;
  const swap = /\bSWAP (\d{1,9})\/(\d{1,9})([kMG]B)/.exec(text);
  return {
    memoryUsedBytes: bytes(ram[1], ram[3]),
    memoryTotalBytes: bytes(ram[2], ram[3]),
    largestFreeBlockBytes: bytes(ram[5], ram[6]),
    largestFreeBlockCount: ram[4] === undefined ? null : Number(ram[4]),
    swapUsedBytes: bytes(swap?.[1], swap?.[3]),
    swapTotalBytes: bytes(swap?.[2], swap?.[3]),
    cpus: parseCpus(/\bCPU \[([^\]]{0,1000})\](?:@(\d{1,5}))?/.exec(text)),
    memoryControllerPercent: percent(/\bEMC_FREQ (\d{1,3})%/.exec(text)?.[1]),
    ...parseGpu(text),
    temperatures: parseTemperatures(text),
    rails: parseRails(text),
  };
}

function bytes(count: string | undefined, unit: string | undefined): number | null {
  const factor = UNIT_BYTES[unit ?? ''];
  return count === undefined || factor === undefined ? null : Number(count) * factor;
}

function upTo(most: number, text: string | undefined): number | null {
  return text === undefined || Number(text) > most ? null : Number(text);
}

function percent(text: string | undefined): number | null {
  return upTo(100, text);
}

/** Thor reports one clock behind the brackets, for all cores. */
function parseCpus(found: RegExpExecArray | null): TegrastatsSample['cpus'] {
  const [, list = '', common] = found ?? [];
  if (list === '') return [];
  return list
    .split(',')
    .slice(0, MAX_PARTS)
    .map((core) => {
      const [, load, mhz] = /^\s*(\d{1,3})%(?:@(\d{1,5}))?\s*$/.exec(core) ?? [];
      const loadPercent = percent(load);
      return loadPercent === null ? null : { loadPercent, mhz: upTo(MAX_MHZ, mhz ?? common) };
    });
}

function parseGpu(text: string): Pick<TegrastatsSample, 'gpuLoadPercent' | 'gpuMhz'> {
  const [, load, clocks] = /\bGR3D_FREQ (?:(\d{1,3})%)?(?:@\[?([\d,]{1,100})\]?)?/.exec(text) ?? [];
  const gpuMhz = (clocks ?? '')
    .split(',')
    .filter(Boolean)
    .slice(0, MAX_PARTS)
    .map(Number)
    .filter((mhz) => mhz <= MAX_MHZ);
  return { gpuLoadPercent: percent(load), gpuMhz };
}

function parseTemperatures(text: string): TegrastatsSample['temperatures'] {
  return [...text.matchAll(/(?<=^| )([A-Za-z][\w.-]{0,30})@(-?\d{1,4}(?:\.\d{1,4})?)C(?=[ /]|$)/g)]
    .slice(0, MAX_PARTS)
    .map(([, name = '', celsius]) => ({ name: name.toLowerCase(), celsius: Number(celsius) }))
    .filter(({ celsius }) => celsius > OFFLINE_BELOW_CELSIUS && celsius <= MAX_CELSIUS);
}

function parseRails(text: string): TegrastatsSample['rails'] {
  return [...text.matchAll(/(?<=^| )([A-Z][\w.]{1,30}) (\d{1,7})(?:mW)?\/(\d{1,7})(?:mW)?(?:\/(\d{1,7})mW)?(?= |$)/g)]
    .slice(0, MAX_PARTS)
    .map(([, name = '', current, average, max]) => ({
      name,
      milliwatts: Number(current),
      averageMilliwatts: Number(average),
      maxMilliwatts: upTo(MAX_MILLIWATTS, max),
    }))
    .filter(({ name, milliwatts }) => name !== NOT_CONNECTED && milliwatts <= MAX_MILLIWATTS);
}
