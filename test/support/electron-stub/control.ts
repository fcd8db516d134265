/** What the test asks of the main process: functions to run there with the `electron` module, as Playwright's. */
export interface ControlRequest {
  readonly id: number;
  /** Source of `(electron, argument) => answer`. */
  readonly source: string;
  readonly argument: unknown;
}

export type ControlAnswer =
  { readonly id: number; readonly value: unknown } | { readonly id: number; readonly problem: string };

type Act = (electron: object, argument: unknown) => unknown;

/** Serves the test over the process's IPC channel; ends with it, so that a lost test leaves nothing running. */
export const serveControl = (loadElectron: () => Promise<object>): void => {
  const answer = async ({ id, source, argument }: ControlRequest): Promise<ControlAnswer> => {
    try {
      const act = (0, eval)(`(${source})`) as Act;
      return { id, value: await act(await loadElectron(), argument) };
    } catch (error) {
      return { id, problem: String(error) };
    }
  };
  process.on('message', (request) => {
    void answer(request as ControlRequest).then((reply) => process.send?.(reply));
  });
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
};
