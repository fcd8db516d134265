import { AppError } from '../../shared/errors/app-error.ts';

/** The `AppError` that `act` rejects with; anything else fails the test. */
export const thrownBy = async (act: () => Promise<unknown>): Promise<AppError> => {
  try {
    await act();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The act succeeded, and the test expected it to fail.');
};
