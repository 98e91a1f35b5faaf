// Run before the first paint, while the rest of the window is still on its way: the frame in index.html stands in the theme and the width
// that were chosen, and says so where the rest does not come. What the names mean: useTheme.ts, useRail.ts.
(() => {
  const root = document.documentElement;
  const read = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const theme = read('dedgeai.theme');
  const isDark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  root.dataset.theme = isDark ? 'dark' : 'light';
  const look = read('dedgeai.navigation');
  const isRail = look === 'rail' || (look !== 'full' && matchMedia('(max-width: 1199px)').matches);
  root.dataset.frame = isRail ? 'rail' : 'full';

  const sayNotLoaded = (event) => {
    const note = document.getElementById('not-loaded');
    if (note && event.target instanceof HTMLScriptElement) note.hidden = false;
  };
  addEventListener('error', sayNotLoaded, true);
})();
