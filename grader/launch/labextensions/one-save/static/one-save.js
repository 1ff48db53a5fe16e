// Saves of one document wait for each other: JupyterLab asks for the file, writes it and asks again, and a save that
// began in between took its own half-finished neighbour for somebody else and asked which of the two is to stay.
(() => {
  const seen = new WeakSet();

  const oneAtATime = (context) => {
    if (seen.has(context)) return;
    seen.add(context);
    const save = context.save.bind(context);
    let running = null;
    let waiting = null;
    const begin = () => {
      waiting = null;
      running = save();
      const over = () => { if (!waiting) running = null; };
      running.then(over, over);
      return running;
    };
    // Who waits saves what is there when its turn comes, so one waits for all; when the save before failed, or its
    // question was answered with "cancel", so does the one that waited, and nobody is asked twice.
    const failed = (error) => {
      waiting = running = null;
      throw error;
    };
    context.save = () => {
      if (!running) return begin();
      waiting ??= running.then(begin, failed);
      return waiting;
    };
  };

  const plugin = {
    id: "one-save:plugin",
    description: "Saves of one document wait for each other.",
    autoStart: true,
    activate: (app) => {
      const extension = { createNew: (_, context) => { oneAtATime(context); } };
      for (const factory of ["Notebook", "Jupytext Notebook", "Editor"]) {
        app.docRegistry.addWidgetExtension(factory, extension);
      }
    },
  };

  // What webpack would write for a federated module: a container with one module.
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB["one-save"] = {
    init: () => undefined,
    get: async () => () => ({ __esModule: true, default: plugin }),
  };
})();
