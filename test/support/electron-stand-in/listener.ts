export type Listener = (...args: unknown[]) => void;
