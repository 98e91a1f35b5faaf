/**
 * What control center and agents mean by their messages. Raised with every change of meaning, so that an agent and a program of different
 * ages refuse each other in words instead of misunderstanding each other. 2: leases are named whole.
 */
export const PROTOCOL_VERSION = 2;
