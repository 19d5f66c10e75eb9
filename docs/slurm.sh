#!/bin/bash
# One run on a cluster, however long it takes: sbatch docs/slurm.sh CASE [options of `porelith run`]
#
# Five minutes before the time is up Slurm sends SIGUSR1 to the ranks; the run keeps a checkpoint and ends with exit
# code 75, and the job is queued again. After a crash of a node Slurm queues it again too. Each time it goes on.
#SBATCH --job-name=porelith
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=32
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --signal=USR1@300
#SBATCH --requeue
#SBATCH --open-mode=append

export OMP_NUM_THREADS=1
# module load gcc openmpi petsc        # whatever the program was built with

# A site whose signals do not reach the ranks can count the time itself: --max-walltime 3h50m
srun porelith run "$@" --resume
code=$?
if [ "$code" -eq 75 ]; then
  scontrol requeue "$SLURM_JOB_ID"
fi
exit "$code"
