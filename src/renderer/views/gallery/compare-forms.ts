export type CompareForm = 'slider' | 'beside' | 'flicker' | 'difference';

export const COMPARE_FORMS: { value: CompareForm; label: string }[] = [
  { value: 'slider', label: 'Slider' },
  { value: 'beside', label: 'Side by side' },
  { value: 'flicker', label: 'Flicker' },
  { value: 'difference', label: 'Difference' },
];
