/** The audit trail's action names as the console says them. */
const words: Record<string, string> = {
  create: "Create",
  update: "Change",
  delete: "Delete",
  upload: "Upload",
  start: "Start",
  startPaused: "Start paused",
  stop: "Stop",
  forceStop: "Force stop",
  restart: "Restart",
  forceRestart: "Force restart",
  pause: "Pause",
  unpause: "Resume",
  reset: "Reset",
  softReboot: "Reboot the guest of",
  "console.vnc.open": "Open the screen of",
  "console.vnc.close": "Close the screen of",
  "console.vnc.takeover": "Take over the screen of",
  "console.serial.open": "Open the serial console of",
  "console.serial.close": "Close the serial console of",
  "session.open": "Sign in",
  "session.close": "Sign out",
};

/** The words of `action`; an unknown one is shown as it is. */
export function activityWords(action: string): string {
  return words[action] ?? action;
}
