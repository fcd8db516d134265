/** The only messages between preload and main; everything else goes through the MessagePort. */
export const connectChannel = 'dyno:connect';
export const portChannel = 'dyno:port';
