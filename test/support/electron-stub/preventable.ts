interface Preventable {
  preventDefault(): void;
  isPrevented(): boolean;
}

/** An event that its listeners may prevent, with `details` beside it. */
export const preventable = (details: object = {}): Preventable => {
  let isPrevented = false;
  return {
    ...details,
    preventDefault: () => {
      isPrevented = true;
    },
    isPrevented: () => isPrevented,
  };
};
