// The core's name for the window's and the terminal's own mean with its interval.
export { meanInterval, type MeanInterval } from '../../shared/mean-interval.js';
