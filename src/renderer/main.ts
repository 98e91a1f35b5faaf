// The window's composition root: everything the views inject is made here, once.
import './load-first-view.js';
import './api/schema-mode.js';
import { VueQueryPlugin } from '@tanstack/vue-query';
import { createApp } from 'vue';
import App from './App.vue';
import { API_KEY, createApi } from './api/client.js';
import { reportErrors } from './api/report-errors.js';
import { COMMANDS_KEY, createCommandRegistry } from './commands/command-registry.js';
import { createQueryClient } from './composables/query-client.js';
import { createPage, PAGE_KEY } from './composables/usePage.js';
import { createLink, findWebSession, LINK_KEY } from './composables/useLink.js';
import { LAYERS_KEY } from './composables/useLayers.js';
import { createTheme, THEME_KEY } from './composables/useTheme.js';
import { createToasts, TOASTS_KEY } from './composables/useToasts.js';
import { createUndo, UNDO_KEY } from './composables/useUndo.js';
import { toApiErrorShape } from './api/errors.js';
import { createAppRouter } from './router.js';
import './styles/main.css';

const toasts = createToasts();
const app = createApp(App);
const page = createPage();
const api = createApi();
reportErrors(window, (windowError) => api.client.app.reportError.mutate(windowError));
app.provide(
  THEME_KEY,
  createTheme((theme) => window.dedgeai?.notifyShell({ kind: 'theme', theme })),
);
app.provide(TOASTS_KEY, toasts);
app.provide(UNDO_KEY, createUndo(toasts));
app.provide(API_KEY, api);
app.provide(LINK_KEY, createLink(api, { nowMs: Date.now, findSession: window.dedgeai ? () => Promise.resolve(null) : findWebSession }));
app.use(VueQueryPlugin, { queryClient: createQueryClient(api.connection) });
app.provide(PAGE_KEY, page);
app.provide(COMMANDS_KEY, createCommandRegistry());
const { router, layers } = createAppRouter(page);
app.provide(LAYERS_KEY, layers);
app.use(router);
app.config.errorHandler = (thrown) => {
  // The browser's own report keeps the stack for anyone who looks, and takes it to the log.
  window.reportError(thrown);
  toasts.reportError(toApiErrorShape(thrown));
};
app.mount('#app');
