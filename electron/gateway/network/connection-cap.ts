/** Of one address; more than any client opens, and too few to fill the memory. */
const PER_ADDRESS = 128;
const IN_ALL = 1024;

/** Counts the connections that are open, so that no stranger takes all there may be. */
export interface ConnectionCap {
  /** False when this address, or everybody together, has as many as there may be. */
  enter(address: string): boolean;
  /** For each that was let in. */
  leave(address: string): void;
}

export const createConnectionCap = (): ConnectionCap => {
  const open = new Map<string, number>();
  let all = 0;
  return {
    enter: (address) => {
      const count = open.get(address) ?? 0;
      if (count >= PER_ADDRESS || all >= IN_ALL) return false;
      open.set(address, count + 1);
      all += 1;
      return true;
    },
    leave: (address) => {
      const count = open.get(address) ?? 0;
      if (count <= 1) open.delete(address);
      else open.set(address, count - 1);
      all -= 1;
    },
  };
};
