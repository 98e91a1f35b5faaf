// Where the weights of SD3 medium are published and under which terms. They are neither shipped nor mirrored: anyone who uses them accepts the terms there.

export const WEIGHTS_PAGE = 'https://huggingface.co/stabilityai/stable-diffusion-3-medium';
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
