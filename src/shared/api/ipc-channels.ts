// Channel names of the desktop shell, one each way. Apart from the protocol's schema, so that the preload carries no validator.

export const WINDOW_TO_CORE_CHANNEL = 'dedgeai:to-core';
export const CORE_TO_WINDOW_CHANNEL = 'dedgeai:to-window';
