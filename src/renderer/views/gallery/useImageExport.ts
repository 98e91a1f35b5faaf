import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { GallerySelection } from '../../../shared/api/gallery-inputs.js';
import { commandLine } from '../../../shared/command-line.js';

/** Longer lists of tasks are no command that anyone reads. */
const MAX_NAMED = 5;

/** The export that the dialog is open for, and the command that does the same. */
export function useImageExport(): {
  isExporting: Ref<boolean>;
  exported: ShallowRef<GallerySelection | null>;
  command: ComputedRef<string>;
  exportImages: (selection: GallerySelection) => void;
} {
  const isExporting = ref(false);
  const exported = shallowRef<GallerySelection | null>(null);
  const command = computed(() => {
    const { query = '', runId = null, only = null } = exported.value ?? {};
    const whole = [query, ...(runId === null ? [] : [`run:${runId}`])].filter(Boolean).join(' ');
    const named = only !== null && only.length <= MAX_NAMED ? ['--task', ...only] : [];
    return commandLine(['images', 'export', ...(whole === '' ? [] : ['--query', whole]), ...named, '--out', 'images']);
  });
  return {
    ...{ isExporting, exported, command },
    exportImages(selection) {
      exported.value = selection;
      isExporting.value = true;
    },
  };
}
