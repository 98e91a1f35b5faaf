// Runs that fill a gallery: many alike, some to be found by words, and one with a name and prompts that mean harm.
export const HOSTILE = '\u{202e}gnp.exe <img src=x onerror=alert(1)> "quoted" {{ 7 * 7 }}';
const DOGS = [
  'A dog catches a frisbee',
  'The frisbee and the dog',
  'Two dogs with a frisbee',
  'A dog in the snow',
  'A frisbee on the roof',
];
export const RUNS = [
  { name: 'Large', scheduler: 'random', taskCount: 2000, pictures: 6, promptOf: (ordinal: number) => `Filler number ${ordinal % 500}` },
  { name: 'Dogs A', scheduler: 'random', taskCount: 100, pictures: 4, promptOf: (ordinal: number) => DOGS[ordinal % DOGS.length] ?? '' },
  {
    name: 'Dogs B',
    scheduler: 'round-robin',
    taskCount: 50,
    pictures: 4,
    promptOf: (ordinal: number) => DOGS[ordinal % DOGS.length] ?? '',
  },
  { name: HOSTILE, scheduler: 'local-only', taskCount: 2, promptOf: () => HOSTILE, isSimulated: false },
] as const;
/** Of the five, two hold both words. */
export const DOG_FRISBEE = 60;
export const TOTAL = 2152;
