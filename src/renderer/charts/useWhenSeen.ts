import { onScopeDispose, watch, type ShallowRef } from 'vue';

/**
 * Lets drawing wait for someone to see it: a live page draws its charts again every second or two, and most of them are scrolled away.
 * The returned function draws at once where the element is seen, and else once when it comes into view, however often it was asked.
 */
export function useWhenSeen(element: Readonly<ShallowRef<HTMLElement | null>>, draw: () => void): () => void {
  // No one knows before the first report: what has just been made is drawn.
  let isSeen = true;
  let isDue = false;
  const observer = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? isSeen;
    if (!isSeen || !isDue) return;
    isDue = false;
    draw();
  });
  watch(
    element,
    (next) => {
      observer.disconnect();
      if (next) observer.observe(next);
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => observer.disconnect());
  return () => {
    isDue = !isSeen;
    if (isSeen) draw();
  };
}
