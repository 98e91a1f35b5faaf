// Imported before everything else.
import { loadFirstView } from './first-view.js';
import { routes } from './routes.js';

loadFirstView(routes, window.location.hash);
