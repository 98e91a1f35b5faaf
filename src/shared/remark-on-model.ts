// What someone should know of a model before it goes to nodes, in sentences; the same in the window and in the terminal.
import type { Model } from './model.js';

/** Sentences, none where there is nothing to say. */
export function remarkOnModel({ layout, parts, leftOut }: Pick<Model, 'layout' | 'parts' | 'leftOut'>): string[] {
  const remarks: string[] = [];
  const hasT5 = parts.some(({ name }) => name === 't5');
  remarks.push(
    hasT5
      ? 'It holds T5-XXL, which the worker never loads: refine it (model strip) to send nodes less.'
      : 'It holds no T5-XXL: it is reSD3-m as it is, and there is nothing to refine.',
  );
  if (layout === 'all-in-one') {
    remarks.push(
      "One file holds no vocabulary of CLIP: put the folders tokenizer and tokenizer_2 of SD3 medium's diffusers release into worker-config of the data folder, or the wheel of open_clip_torch into wheels.",
    );
  }
  if (leftOut.length > 0) {
    remarks.push(`Beside the weights that the worker loads there are others, which are neither counted nor sent: ${leftOut.join(', ')}.`);
  }
  return remarks;
}
