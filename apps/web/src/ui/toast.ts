/** Short messages in the corner. sonner is loaded with the first of them. */
import type { ReactNode } from "react";

interface ToastOptions {
  description?: ReactNode;
  durationMs?: number;
}

type Kind = "success" | "error" | "info";

async function show(kind: Kind, text: string, { description, durationMs }: ToastOptions): Promise<void> {
  const { toast: sonner } = await import("sonner");
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
