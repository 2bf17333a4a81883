# The app as an image. `docker build .` makes all of it; `docker build --target reading .` an image that draws, reads
# and answers programs, without tensorflow and so without training: two gigabytes less.
#
#   docker run -p 8501:8501 -v digits:/home/digits/playground IMAGE
#
# It runs as a user without rights, and with --read-only --tmpfs /tmp: all that it writes goes to the one volume.
# Through -p every browser comes from elsewhere: it draws, uploads, looks and joins a class. The teacher signs in with
# DIGITS_TEACHER_PASSPHRASE, or with what `docker logs` shows. Who is to train without that runs the image with
# --network host and --server.address 127.0.0.1, or gives the commands: docker exec ... python -m mnist_core train.

# By digest, of the index for all architectures, so that a build next year begins with the same bytes. To renew it:
# docker buildx imagetools inspect python:3.11-slim-bookworm
ARG BASE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

# What is installed, in layers of its own: the requirements change seldom. No compiler is needed: what comes as
# source (pyvips) is Python alone.
FROM ${BASE} AS packages
RUN python -m venv /opt/digits
COPY requirements.txt constraints.txt /tmp/
RUN /opt/digits/bin/pip install --no-cache-dir \
    --constraint /tmp/constraints.txt --requirement /tmp/requirements.txt

FROM packages AS training-packages
COPY requirements-train.txt /tmp/
RUN /opt/digits/bin/pip install --no-cache-dir \
    --constraint /tmp/constraints.txt --requirement /tmp/requirements.txt --requirement /tmp/requirements-train.txt

FROM ${BASE} AS app
WORKDIR /app
# HOME is the volume, too: keras' cache, where a downloaded MNIST lies, outlasts the container.
ENV PATH=/opt/digits/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOME=/home/digits/playground DIGITS_HOME=/home/digits/playground
RUN install --directory --owner 1000 --group 1000 /home/digits/playground
COPY LICENSE app.py ./
COPY .streamlit .streamlit
COPY assets assets
COPY models models
COPY mnist_core mnist_core
COPY pages pages
# By number: Kubernetes' runAsNonRoot looks up no names. The user needs no entry in /etc/passwd.
USER 1000:1000
VOLUME ["/home/digits/playground"]
EXPOSE 8501
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8501/api/ready', timeout=5)"]
CMD ["streamlit", "run", "app.py", "--server.address", "0.0.0.0", "--server.port", "8501"]

FROM app AS reading
COPY --from=packages /opt/digits /opt/digits

FROM app AS full
COPY --from=training-packages /opt/digits /opt/digits
