/** Resolves when `holds()` does: for what real sockets do in their own time and tell by no event. */
export const eventually = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
};
