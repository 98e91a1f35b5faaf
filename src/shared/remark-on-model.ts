// What someone should know of a model before it goes to nodes, in sentences for the window and the terminal.
import { CLIP_MAX_TOKENS, hasT5, T5_MAX_TOKENS } from './model-variant.js';
import type { Model } from './model.js';

/** Sentences of what it is; `command` is what refines it in the terminal, which the window has a button for. */
export function remarkOnModel({ parts, leftOut }: Pick<Model, 'parts' | 'leftOut'>, command?: string): string[] {
  const remarks: string[] = [];
  remarks.push(
    hasT5({ parts })
      ? `It holds T5-XXL, and nodes that have the memory for it run it whole: T5 reads ${T5_MAX_TOKENS} tokens of a prompt, the CLIPs ${CLIP_MAX_TOKENS}. Refine it${command === undefined ? '' : ` (${command})`} for reSD3-m, which takes less.`
      : `It holds no T5-XXL: it is reSD3-m as it is, and there is nothing to refine. ${CLIP_MAX_TOKENS} tokens of a prompt are read, and the rest is cut off.`,
  );
  if (leftOut.length > 0) {
    remarks.push(`Beside the weights that the worker loads there are others, which are neither counted nor sent: ${leftOut.join(', ')}.`);
  }
  return remarks;
}

/** What someone has to do before nodes can work with it, a sentence each; nothing for a folder, which has all that they need. */
export function listModelNeeds({ layout, parts }: Pick<Model, 'layout' | 'parts'>): string[] {
  if (layout !== 'all-in-one') return [];
  const needs = [
    "One file holds no vocabulary of CLIP: put the folders tokenizer and tokenizer_2 of SD3 medium's diffusers release into worker-config of the data folder, or the wheel of open_clip_torch into wheels.",
  ];
  if (hasT5({ parts })) {
    needs.push("One file holds no vocabulary of T5 either: put that release's folder tokenizer_3 into worker-config too.");
  }
  return needs;
}
