// What someone should know of a model before it goes to nodes, in sentences; the same in the window and in the terminal.
import { CLIP_MAX_TOKENS, hasT5, T5_MAX_TOKENS } from './model-variant.js';
import type { Model } from './model.js';

/** Sentences, none where there is nothing to say. */
export function remarkOnModel({ layout, parts, leftOut }: Pick<Model, 'layout' | 'parts' | 'leftOut'>): string[] {
  const remarks: string[] = [];
  const isWhole = hasT5({ parts });
  remarks.push(
    isWhole
      ? `It holds T5-XXL, and nodes that have the memory for it run it whole: T5 reads ${T5_MAX_TOKENS} tokens of a prompt, the CLIPs ${CLIP_MAX_TOKENS}. Refine it (model strip) for reSD3-m, which takes less.`
      : `It holds no T5-XXL: it is reSD3-m as it is, and there is nothing to refine. ${CLIP_MAX_TOKENS} tokens of a prompt are read, and the rest is cut off.`,
  );
  if (layout === 'all-in-one') {
    remarks.push(
      "One file holds no vocabulary of CLIP: put the folders tokenizer and tokenizer_2 of SD3 medium's diffusers release into worker-config of the data folder, or the wheel of open_clip_torch into wheels.",
    );
  }
  if (layout === 'all-in-one' && isWhole) {
    remarks.push("One file holds no vocabulary of T5 either: put that release's folder tokenizer_3 into worker-config too.");
  }
  if (leftOut.length > 0) {
    remarks.push(`Beside the weights that the worker loads there are others, which are neither counted nor sent: ${leftOut.join(', ')}.`);
  }
  return remarks;
}
