/** Short messages in the corner. Where they appear is loaded with the app. */
import type { ReactNode } from "react";

interface ToastOptions {
  description?: ReactNode;
  durationMs?: number;
}

type Kind = "success" | "error" | "info";

async function show(kind: Kind, text: string, { description, durationMs }: ToastOptions): Promise<void> {
  const { sonner } = await import("./Toasts.tsx");
  sonner[kind](text, {
    ...(description === undefined ? {} : { description }),
    ...(durationMs === undefined ? {} : { duration: durationMs }),
  });
}

export const toast = {
  success: (text: string, options: ToastOptions = {}) => void show("success", text, options),
  error: (text: string, options: ToastOptions = {}) => void show("error", text, options),
  info: (text: string, options: ToastOptions = {}) => void show("info", text, options),
};
