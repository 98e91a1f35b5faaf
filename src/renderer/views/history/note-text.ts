// A note to read, with what reads its Markdown only where there is one: it is no part of the first paint.
import { defineAsyncComponent } from 'vue';

export const NoteText = defineAsyncComponent(() => import('./NoteText.vue'));
