"""Takes operators out of a savepoint: run in a Flink line's interpreter, whose Java reads it.

take_out.py SAVEPOINT ID...: what is written over is the savepoint's own `_metadata`. It prints
the ids of those that had state there.
"""

import sys
from pathlib import Path

from pyflink.java_gateway import get_gateway


def main(folder, ids):
    """Read the metadata, leave the operators out, and write it again."""
    jvm = get_gateway().jvm
    checkpoint = jvm.org.apache.flink.runtime.checkpoint
    file = str(Path(folder) / "_metadata")
    loader = jvm.Thread.currentThread().getContextClassLoader()
    stream = jvm.java.io.DataInputStream(jvm.java.io.FileInputStream(file))
    whole = checkpoint.Checkpoints.loadCheckpointMetadata(stream, loader, folder)
    stream.close()
    kept = jvm.java.util.ArrayList()
    for state in whole.getOperatorStates():
        operator = state.getOperatorID().toHexString()
        if operator in ids:
            print(operator)
        else:
            kept.add(state)
    less = checkpoint.metadata.CheckpointMetadata(
        whole.getCheckpointId(), kept, whole.getMasterStates()
    )
    out = jvm.java.io.FileOutputStream(file)
    checkpoint.Checkpoints.storeCheckpointMetadata(less, out)
    out.close()


if __name__ == "__main__":
    main(sys.argv[1], set(sys.argv[2:]))
