/** Values pushed by one side, read once by the other in order. */
export interface EventQueue<T> extends AsyncIterable<T> {
  push(value: T): void;
  end(): void;
  /** The reader gets what was pushed before, then `error`. */
  fail(error: Error): void;
}

/** @param onReturn called when the reader stops (a `break`) while there may be more to come. */
export const createEventQueue = <T>(onReturn: () => void): EventQueue<T> => {
  const values: T[] = [];
  let ended: { readonly error: Error | undefined } | undefined;
  let wake: (() => void) | undefined;
  const rouse = () => {
    wake?.();
    wake = undefined;
  };
  const read = async function* (): AsyncGenerator<T> {
    try {
      for (;;) {
        while (values.length > 0) {
          const [value] = values.splice(0, 1);
          if (value !== undefined) yield value;
        }
        if (ended !== undefined) {
          if (ended.error !== undefined) throw ended.error;
          return;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      if (ended === undefined) onReturn();
    }
  };
  return {
    push: (value) => {
      if (ended !== undefined) return;
      values.push(value);
      rouse();
    },
    end: () => {
      ended ??= { error: undefined };
      rouse();
    },
    fail: (error) => {
      ended ??= { error };
      rouse();
    },
    [Symbol.asyncIterator]: read,
  };
};
