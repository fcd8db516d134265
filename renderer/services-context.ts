import { createContext, use } from 'react';
import { AppError } from '../shared/errors/app-error.ts';
import type { Services } from './services.ts';

export const ServicesContext = createContext<Services | null>(null);

/** What main.tsx built. */
export const useServices = (): Services => {
  const services = use(ServicesContext);
  if (services === null) throw new AppError('app.internal', 'A screen was rendered outside of the app.');
  return services;
};
