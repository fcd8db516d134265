/** Runs acts one after the other, in the order they were asked for; a failed one does not stop the next. */
export const createTurns = () => {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(act: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(act, act);
    last = turn;
    return turn;
  };
};
