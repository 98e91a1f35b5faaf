// Captions of eleven words of a vocabulary, so that words differ in how often they occur, as in Flickr8k.
const NOUNS = ['dog', 'man', 'child', 'girl', 'horse', 'boy', 'woman', 'runner', 'climber', 'skater', 'puppy', 'cyclist', 'team', 'bird'];
const VERBS = ['runs', 'jumps', 'sits', 'plays', 'swims', 'stands', 'smiles', 'waits', 'climbs', 'throws'];
const PLACES = ['park', 'beach', 'street', 'snow', 'rain', 'field', 'pool', 'forest', 'mountain', 'city', 'river', 'stage'];
const THINGS = ['frisbee', 'ball', 'stick', 'kite', 'bicycle', 'rope', 'hat', 'camera', 'drum', 'boat', 'skateboard'];

/** 40,000 captions, each the same for the same number; one in 4,000 has a word that is rare. */
export function captionOf(run: number, ordinal: number): string {
  const number = (run * 7919 + ordinal * 104_729) % 40_000;
  const pick = (words: readonly string[], by: number): string => words[Math.floor(number / by) % words.length] ?? '';
  const rare = number % 4000 === 7 ? ` zeppelin${number % 40}` : '';
  const phrase = number % 50 === 0 ? 'dog park' : pick(PLACES, 3);
  return `A ${pick(NOUNS, 1)} in a ${phrase} ${pick(VERBS, 7)} with a ${pick(THINGS, 11)} near ${pick(PLACES, 13)}${rare} number ${number}`;
}
