/**
 * Which candidates are read together with the base, so that it is read once per group: as many as memory takes, at
 * least one. A candidate counts twice: llama.cpp keeps a rearranged copy of some types beside the mapped file.
 *
 * @returns indexes of `candidateBytes` per group, in order
 */
export const planGroups = (
  baseBytes: number,
  candidateBytes: readonly number[],
  availableBytes: number,
): readonly (readonly number[])[] => {
  const groups: number[][] = [];
  let left = 0;
  for (const [index, bytes] of candidateBytes.entries()) {
    const neededBytes = 2 * bytes;
    const group = groups.at(-1);
    if (group !== undefined && neededBytes <= left) {
      group.push(index);
      left -= neededBytes;
    } else {
      groups.push([index]);
      left = availableBytes - baseBytes - neededBytes;
    }
  }
  return groups;
};
