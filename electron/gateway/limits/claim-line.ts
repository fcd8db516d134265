/** What one who waits for room lacks, which the limiter keeps from those who come after. */
export interface Claim {
  /** The key. */
  readonly owner: string;
  /** All of a round go before all of the next; an owner stands once in each. */
  readonly round: number;
  /** The bucket that refused last; `undefined` where it was none of the limiter's. */
  bucket: string | undefined;
  units: number;
}

/** Who waits for room, in order: by turns of their owners, so that one with many claims does not keep the others waiting. */
export interface ClaimLine {
  join(owner: string): Claim;
  leave(claim: Claim): void;
  /** In order, as they stand now. */
  claims(): readonly Claim[];
  /** Units of a bucket that those before `claim` lack; without one, those before an owner that comes now. */
  owedBefore(bucket: string, claim: Claim | undefined): number;
}

export const createClaimLine = (): ClaimLine => {
  let line: readonly Claim[] = [];
  return {
    join: (owner) => {
      const last = line.findLast((other) => other.owner === owner);
      const round = Math.max(line[0]?.round ?? 0, last === undefined ? 0 : last.round + 1);
      const claim: Claim = { owner, round, bucket: undefined, units: 0 };
      line = line.toSpliced(line.findLastIndex((other) => other.round <= round) + 1, 0, claim);
      return claim;
    },
    leave: (claim) => {
      line = line.filter((other) => other !== claim);
    },
    claims: () => line,
    owedBefore: (bucket, claim) => {
      if (line.length === 0) return 0;
      let owed = 0;
      for (const other of line) {
        if (other === claim || (claim === undefined && other.round > (line[0]?.round ?? 0))) break;
        if (other.bucket === bucket) owed += other.units;
      }
      return owed;
    },
  };
};
