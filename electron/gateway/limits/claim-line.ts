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
  /** It had its turn: its owner's next stands behind those of the same round. */
  serve(claim: Claim): void;
  /** Without a turn. */
  leave(claim: Claim): void;
  /** In order, as they stand now. */
  claims(): readonly Claim[];
  /**
   * Units of a bucket that those before `claim` lack; without one, those of the first round at that bucket, which go before
   * an owner that comes now.
   */
  owedBefore(bucket: string, claim: Claim | undefined): number;
}

export const createClaimLine = (): ClaimLine => {
  let line: readonly Claim[] = [];
  /** The round that is served now: whoever comes has no turn of an earlier one left. */
  let turn = 0;
  /** The last round that each owner had its turn in, while anyone waits. */
  const served = new Map<string, number>();
  const leave = (claim: Claim): void => {
    line = line.filter((other) => other !== claim);
    if (line.length === 0) served.clear();
  };
  return {
    join: (owner) => {
      const waiting = line.findLast((other) => other.owner === owner);
      const round = Math.max(turn, (served.get(owner) ?? -1) + 1, (waiting?.round ?? -1) + 1);
      const claim: Claim = { owner, round, bucket: undefined, units: 0 };
      line = line.toSpliced(line.findLastIndex((other) => other.round <= round) + 1, 0, claim);
      return claim;
    },
    serve: (claim) => {
      turn = Math.max(turn, claim.round);
      served.set(claim.owner, Math.max(claim.round, served.get(claim.owner) ?? 0));
      leave(claim);
    },
    leave,
    claims: () => line,
    owedBefore: (bucket, claim) => {
      let owed = 0;
      let firstRound: number | undefined;
      for (const other of line) {
        if (other === claim) break;
        if (other.bucket !== bucket) continue;
        firstRound ??= other.round;
        if (claim === undefined && other.round > firstRound) break;
        owed += other.units;
      }
      return owed;
    },
  };
};
