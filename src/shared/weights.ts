// Where the weights of SD3 medium are published and under which terms. They are neither shipped nor mirrored: anyone who uses them accepts the terms there.
import type { SecretHolder } from './credentials.js';

export const WEIGHTS_PAGE = 'https://huggingface.co/stabilityai/stable-diffusion-3-medium';
export const WEIGHTS_PAGE_TITLE = 'Stable Diffusion 3 Medium on Hugging Face';
export const SD3_LICENSE = {
  name: 'Stability AI Community License',
  url: `${WEIGHTS_PAGE}/blob/main/LICENSE.md`,
} as const;

/** The single files of the page. The SHA-256 are those that several mirrors agree on. */
export const PUBLISHED_WEIGHTS = [
  {
    file: 'sd3_medium_incl_clips.safetensors',
    sizeBytes: 5_973_224_240,
    sha256: '3bb7f21bc5fb450220f4eb78a2f276b15422309d5166a4bdeb8c3b763a3a0581',
  },
  {
    file: 'sd3_medium_incl_clips_t5xxlfp8.safetensors',
    sizeBytes: 10_867_168_284,
    sha256: '92db4295e9c9ab8401ef60566d975656a35b0bd0f6d9ce0d083725171f7b3174',
  },
  {
    file: 'sd3_medium_incl_clips_t5xxlfp16.safetensors',
    sizeBytes: 15_761_074_532,
    sha256: '69a950c5d143ce782a7423c532c8a12b75da6a37b0e6f26a322acf4e76208912',
  },
] as const;
export type PublishedFile = (typeof PUBLISHED_WEIGHTS)[number]['file'];

/** What each of them is for, in the words of a choice. */
export const WEIGHTS_NOTES: Record<PublishedFile, string> = {
  'sd3_medium_incl_clips.safetensors': 'The one to take: it is reSD3-m as it is, without T5-XXL.',
  'sd3_medium_incl_clips_t5xxlfp8.safetensors': 'With T5-XXL in 8 bits, to compare the original with the refined model.',
  'sd3_medium_incl_clips_t5xxlfp16.safetensors': 'With T5-XXL in 16 bits: the original that the paper refines.',
};

/** Whose token a fetch would take; never the token. */
export type WeightsToken =
  /** The variable HF_TOKEN of the program's environment, which comes before a kept one. */
  { source: 'environment' } | { source: 'kept'; holder: SecretHolder; isReadable: boolean; storedAtMs: number } | { source: 'none' };

/** What can be fetched, on which terms and with what. */
export interface WeightsOffer {
  /** Where the terms are accepted. */
  page: string;
  /** Where the files come from instead, by HF_ENDPOINT; null: the page itself. */
  mirror: string | null;
  license: { name: string; url: string };
  /** `hereBytes`: of it, in the folder below, also where a fetch broke off. */
  files: { file: PublishedFile; sizeBytes: number; sha256: string; hereBytes: number }[];
  token: WeightsToken;
  /** Where a fetch goes unless someone says otherwise: absolute, in the program's data folder. */
  folder: string;
  /** On the disk of that folder. */
  freeBytes: number;
}
